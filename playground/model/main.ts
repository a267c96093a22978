import { parseArgs } from 'node:util';
import { startModel } from './model.ts';

// The model in a process of its own: node playground/model/main.ts [--port N] [--instant] CASSETTE…
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: 'string', default: '0' }, instant: { type: 'boolean', default: false } },
});
const model = await startModel({
  cassettes: positionals,
  port: Number(values.port),
  ...(values.instant ? { pace: 'instant' as const } : {}),
});
console.log(JSON.stringify({ url: model.url }));
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void model.close().then(() => process.exit(0)));
}

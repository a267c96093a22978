import { lstat, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readWorkflow, workflowFileName } from '../config/workflow-file.ts';
import { type ContextPack, packContext } from '../context/index.ts';
import { workflow } from '../domain/workflow.ts';
import { sentenceOf } from '../errors.ts';
import { filesOfCheckout, pastCommits } from './git-history.ts';

export type CommandIo = { out(line: string): void; err(line: string): void; readonly cwd: string };

const usage = 'slipway context DIR "request" [--max-tokens N] [--json]';
const defaults = workflow.shape.context.parse({});

/** `slipway context`: what the model would be shown for a request, and why. 0: shown, 2: could not run. */
export async function contextCommand(args: readonly string[], io: CommandIo): Promise<number> {
  try {
    const asked = readArguments(args);
    const directory = resolve(io.cwd, asked.directory);
    if (!(await isDirectory(directory))) throw new Error(`${directory} is not a directory. Usage: ${usage}`);
    const settings = await readContextSettings(directory);
    const only = await filesOfCheckout(directory);
    const pack = await packContext({
      directory,
      history: await pastCommits(directory),
      query: asked.query,
      workflow: { ...settings, maxTokens: asked.maxTokens ?? settings.maxTokens },
      ...(only === undefined ? {} : { only }),
    });
    for (const line of asked.json ? [asJson(pack)] : asText(pack)) io.out(line);
    return 0;
  } catch (error) {
    io.err(sentenceOf(error));
    return 2;
  }
}

function readArguments(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false }, 'max-tokens': { type: 'string' } },
  });
  const [directory, query, ...more] = positionals;
  if (directory === undefined || query === undefined || query.trim() === '' || more.length > 0)
    throw new Error(`A directory and a request are needed, and nothing else. Usage: ${usage}`);
  const tokens = values['max-tokens'];
  if (tokens !== undefined && !/^[1-9]\d{0,6}$/.test(tokens))
    throw new Error(`--max-tokens is ${JSON.stringify(tokens)}; give a whole number, for example 24000.`);
  return {
    directory,
    query,
    json: values.json,
    maxTokens: tokens === undefined ? undefined : Number(tokens),
  };
}

async function isDirectory(path: string): Promise<boolean> {
  return lstat(path).then(
    (seen) => seen.isDirectory(),
    () => false,
  );
}

async function readContextSettings(directory: string) {
  const file = join(directory, workflowFileName);
  const seen = await lstat(file).catch(() => undefined);
  if (seen === undefined) return defaults;
  if (!seen.isFile()) throw new Error(`${file} is not a plain file. Make it one, or remove it.`);
  const parsed = readWorkflow(await readFile(file, 'utf8'));
  if ('problems' in parsed) {
    const lines = parsed.problems.map(({ line, column, message }) => `${file}:${line}:${column} ${message}`);
    throw new Error(lines.join('\n'));
  }
  return parsed.value.context;
}

function asJson(pack: ContextPack): string {
  const files = pack.files.map(({ text: _, ...file }) => file);
  return JSON.stringify({ ...pack, files }, null, 2);
}

function asText(pack: ContextPack): readonly string[] {
  const files = pack.files.flatMap((file) => {
    const part = file.form === 'whole' ? '' : `, ${file.shownLines} of ${file.lines} lines`;
    const head = `${file.score.toFixed(3).padStart(6)}  ${file.path}  (${file.tokens} tokens${part})`;
    return [head, ...file.reasons.map((reason) => `          ${reason}`)];
  });
  const notes = [
    ...pack.leftOut.map((file) => `left out: ${file.path}: ${file.because}`),
    ...pack.stripped.map((file) => `stripped: ${file.what} in ${file.path}`),
    ...pack.secrets.map((secret) => `redacted: ${secret.rule} at ${secret.path}:${secret.line}`),
  ];
  return [...files, ...notes, `${pack.files.length} files, ${pack.tokens} of ${pack.maxTokens} tokens`];
}

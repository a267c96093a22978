import { z } from 'zod';
import { GiveUp } from '../../errors.ts';

const count = z.number('must be a number').int('must be a whole number').nonnegative('must not be negative');
const counts = z.object({ n: count, bad: count });
const line = z.object({
  at: z.string('must be an ISO time').refine((text) => timeOf(text) !== undefined, 'must be an ISO time'),
  metric: z.string('must be a name').min(1, 'must not be empty'),
  stage: z.number('must be a percentage').min(0, 'must be at least 0').max(100, 'must be at most 100'),
  exposed: counts,
  control: counts,
});

export type TickLine = z.infer<typeof line> & { readonly time: number };

/** The lines by time; those of the same time in their order in the file. */
export function readTicks(text: string, file: string): readonly TickLine[] {
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const ticks = lines.flatMap((content, index) =>
    content.trim() === '' ? [] : [readLine(content, `${file}:${index + 1}`)],
  );
  if (ticks.length === 0) throw new GiveUp(`${file} holds no ticks; give one JSON object a line.`);
  return ticks.toSorted((a, b) => a.time - b.time);
}

function readLine(content: string, where: string): TickLine {
  const parsed = line.safeParse(jsonOf(content, where), { reportInput: true });
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      ({ path, message, input }) => `${path.join('.') || 'the line'} is ${shown(input)} and ${message}`,
    );
    throw new GiveUp(`${where}: ${problems.join('; ')}.`);
  }
  for (const cohort of ['exposed', 'control'] as const) {
    const { n, bad } = parsed.data[cohort];
    if (bad > n)
      throw new GiveUp(`${where}: ${cohort}.bad is ${bad}, more than the ${n} requests it is counted among.`);
  }
  return { ...parsed.data, time: timeOf(parsed.data.at) ?? 0 };
}

function jsonOf(content: string, where: string): unknown {
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw new GiveUp(`${where} is not JSON: ${content.slice(0, 80)}`, { cause });
  }
}

function shown(input: unknown): string {
  return input === undefined ? 'missing' : JSON.stringify(input).slice(0, 80);
}

/** Without an offset it is taken as UTC, so that the answer is the same on every machine. */
function timeOf(text: string): number | undefined {
  const shape = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
    text,
  );
  if (shape === null) return undefined;
  const [, day, clock = '00:00', offset = 'Z'] = shape;
  const time = Date.parse(`${day}T${clock}${offset.toUpperCase()}`);
  return Number.isNaN(time) ? undefined : time;
}

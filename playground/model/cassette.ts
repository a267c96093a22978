import { readFile } from 'node:fs/promises';
import { parse } from 'yaml';
import { z } from 'zod';

export const faults = ['prose', 'malformed', 'cut-off', 'refusal', 'rate-limited', 'down', 'slow'] as const;
export type Fault = (typeof faults)[number];

const recorded = z.strictObject({
  role: z.enum(['interviewer', 'specifier', 'planner', 'tester', 'coder']),
  about: z.string().min(1).describe('First line of the request, without its full stop: "Attempt 2, repair".'),
  heard: z
    .array(z.string().min(1))
    .default([])
    .describe(
      'Words that must be in the answers or notes of the thread; without them the recording does not fit.',
    ),
  faults: z
    .array(z.enum(faults))
    .default([])
    .describe('What goes wrong, in turn, before the answer is given.'),
  answer: z.record(z.string(), z.unknown()),
});
const cassette = z.strictObject({
  story: z.string().min(1),
  request: z.string().min(1).describe('The words of the request; another request is not answered.'),
  suggestion: z.string().min(1).optional().describe('What a colleague suggests in the story.'),
  answers: z.array(recorded).min(1),
});
export type Recorded = z.infer<typeof recorded>;
/** What a model said in one story, recorded by hand. */
export type Cassette = z.infer<typeof cassette>;

export async function readCassette(path: string): Promise<Cassette> {
  const parsed = cassette.safeParse(parse(await readFile(path, 'utf8')));
  if (parsed.success) return parsed.data;
  throw new Error(`The cassette ${path} cannot be played:\n${z.prettifyError(parsed.error)}`);
}

import picomatch from 'picomatch';
import { workflowFileName } from '../../config/workflow-file.ts';
import { type ContextPack, createMarker, packContext, renderContext } from '../../context/index.ts';
import { unreadNotes } from '../../domain/feature/next.ts';
import type { FeatureState, Note } from '../../domain/feature/state.ts';
import { newestSpec } from '../../domain/feature/state.ts';
import { GiveUp } from '../../errors.ts';
import type { PastCommit } from '../../ports.ts';
import type { Repository, Said } from '../../prompts/material.ts';
import { createRedactor } from '../../secrets/index.ts';
import type { Checkout } from '../../workspace/workspace.ts';
import type { JobContext, Tools } from './job.ts';

/** What every prompt is made of, with secrets taken out and fenced by a marker of its own. */
export type Material = {
  readonly marker: string;
  readonly said: Said;
  readonly repository: Repository;
  /** What the model may see of the repository, fenced and labelled. */
  readonly context: string;
  /** Blob: the files that were shown, with the reason for each. */
  readonly contextRecord: string;
  /** Timestamps of the messages this prompt reads for the first time. */
  readonly notes: readonly string[];
  /** Takes secrets out of any further text of the prompt, with the same placeholders. */
  readonly redact: (text: string) => Promise<string>;
};

export type RepositoryState = NonNullable<FeatureState['repository']>;

/** The repository of a feature; its absence means that a job was rung too early. */
export function repositoryOf(state: FeatureState): RepositoryState {
  if (!state.repository) throw new GiveUp(`Working on ${state.id}: its repository was not read yet.`);
  return state.repository;
}

export function checkoutOf(
  { workspace }: Pick<Tools, 'workspace'>,
  { state, signal }: JobContext,
): Promise<Checkout> {
  const { name, commit } = repositoryOf(state);
  return workspace.at({ repository: name, commit, signal });
}

/**
 * Gathers the material of a prompt. `directory` holds the files as they are for this prompt: the checkout,
 * or a copy with what was built so far.
 */
export async function gather(
  { blobs }: Pick<Tools, 'blobs'>,
  { state }: JobContext,
  options: {
    readonly directory: string;
    readonly history: readonly PastCommit[];
    /** Files this prompt is about, for example those of a task. */
    readonly named?: readonly string[];
    /** Further words to look for, for example the title of a task. */
    readonly words?: string;
  },
): Promise<Material> {
  const { name, workflow } = repositoryOf(state);
  const redactor = createRedactor();
  const redact = async (text: string) => (await redactor.redact(text)).text;
  const marker = createMarker();
  const pack = await packContext({
    directory: options.directory,
    history: options.history,
    query: [state.request?.words, newestSpec(state)?.spec.goal, options.words].filter(Boolean).join('\n'),
    named: options.named ?? newestSpec(state)?.spec.files ?? [],
    workflow: workflow.context,
    redactor,
  });
  return {
    marker,
    said: await saidOf(state, redact),
    repository: {
      name,
      workflow,
      dependencies: pack.dependencies,
      // A change may not loosen the rules it is judged by.
      isProtected: picomatch([...workflow.protected, workflowFileName], { dot: true }),
    },
    context: renderContext(pack, marker),
    contextRecord: await blobs.put(JSON.stringify(recordOf(pack), null, 2)),
    notes: unreadNotes(state).map((note) => note.ts),
    redact,
  };
}

async function saidOf(state: FeatureState, redact: (text: string) => Promise<string>): Promise<Said> {
  if (!state.request) throw new GiveUp(`Working on ${state.id}: nothing was asked.`);
  const words = await redact(state.request.words);
  const notes = await Promise.all(
    inOrder(state.notes).map(async (note) => ({ ...note, text: await redact(note.text) })),
  );
  const rounds = await Promise.all(
    state.rounds.map(async (round) => ({
      ...round,
      answers: await Promise.all(
        round.answers.map(async ({ question, answer }) => ({ question, answer: await redact(answer) })),
      ),
    })),
  );
  return { request: { ...state.request, words }, rounds, notes };
}

/** As they were written: two that came at once may have been handled in either order. */
function inOrder(notes: readonly Note[]): readonly Note[] {
  return notes.toSorted((one, other) => Number(one.ts) - Number(other.ts) || 0);
}

/** What is kept of a context: which files, why, and how large; not their text, which the commit has. */
function recordOf(pack: ContextPack) {
  return pack.files.map(({ path, score, reasons, tokens }) => ({ path, score, reasons, tokens }));
}

import type { PendingJob } from '../../domain/process.ts';
import type { RolloutCommand } from '../../domain/rollout/commands.ts';
import type { RolloutSettings } from '../../domain/rollout/settings.ts';
import { environmentNow, type RolloutState } from '../../domain/rollout/state.ts';
import { GiveUp } from '../../errors.ts';
import type { Chat, FlagPlace, Flags, Fleet, Forge, Metrics, Tracker } from '../../ports.ts';
import type { Workspace } from '../../workspace/workspace.ts';

/** What a job of a rollout gets: the state as it was when the bell rang. */
export type RolloutContext = {
  readonly processId: string;
  readonly job: PendingJob;
  readonly state: RolloutState;
  /** It was begun before, and what it did then may have taken effect outside. */
  readonly again: boolean;
  readonly signal: AbortSignal;
};

/** Does one thing through one door and answers what came of it. */
export type RolloutJob = (context: RolloutContext) => Promise<RolloutCommand>;

/** The doors that jobs of a rollout work with. */
export type RolloutTools = {
  readonly chat: Chat;
  readonly forge: Forge;
  readonly workspace: Workspace;
  readonly flags: Flags;
  readonly metrics: Metrics;
  readonly fleet: Fleet;
  readonly tracker?: Tracker;
  /** For flags whose repository says nothing. */
  readonly usual?: RolloutSettings;
  /** Branches that changes go to instead of the default one, by repository. */
  readonly baseBranches: Readonly<Record<string, string>>;
  readonly now: () => Date;
};

/** Where the flag of a rollout stands now. */
export function flagPlace(state: RolloutState): FlagPlace {
  const environment = environmentNow(state);
  if (!state.plan || environment === undefined)
    throw new GiveUp(`Looking for the flag of ${state.id}: it has no plan yet.`);
  return { project: state.plan.project, flag: state.flag, environment };
}

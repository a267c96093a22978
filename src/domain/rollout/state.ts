import type { Person } from '../feature/state.ts';
import type { Place } from '../process.ts';
import type { MetricEvidence, SampleRatio } from './evidence/evidence.ts';
import type { Forecast } from './planner.ts';
import type { FlagSight } from './reading.ts';
import type { FreezeWindow, MetricSettings } from './settings.ts';

/** Where a rollout came from. */
export type Origin =
  | { readonly kind: 'feature'; readonly feature: string; readonly repository: string }
  | { readonly kind: 'asked'; readonly repository?: string };

export type Stage = {
  readonly percent: number;
  readonly minSoakMinutes: number;
  readonly maxSoakMinutes: number;
  /** The rise that must be ruled out: 0.5 is 50 %. */
  readonly tolerance: number;
};

/** What will be done, read once before it begins. */
export type Plan = {
  readonly project: string;
  readonly environments: readonly string[];
  readonly stages: readonly Stage[];
  readonly stickiness: string;
  readonly metrics: readonly MetricSettings[];
  readonly dependsOn: readonly string[];
  readonly freeze: readonly FreezeWindow[];
  readonly alpha: number;
  readonly beta: number;
  readonly rho0: number;
  readonly tickSeconds: number;
  readonly warmUpSeconds: number;
  readonly lagSeconds: number;
  /** Whether a halt opens an issue in the tracker. */
  readonly tracker?: boolean;
};

/** Why a rollout stays where it is. Those of a person need a person; the others end with their cause. */
export type HoldReason =
  | 'person'
  /** The longest soak ended without proof. */
  | 'max-soak'
  /** Somebody else changed the flag. */
  | 'drift'
  /** The cohorts have not the sizes they should have. */
  | 'sample-ratio'
  /** Proved harm of a metric whose action is to hold, or to step back. */
  | 'harm'
  | 'signal'
  | 'no-data'
  | 'provider-down'
  /** The flag service does not answer, or refuses the change. */
  | 'flag-service'
  | 'freeze'
  | 'dependency'
  /** Another rollout that shares a guardrail is ramping. */
  | 'other-rollout';

/** Needs a person's resume; all others end by themselves. */
export const holdsForPerson: readonly HoldReason[] = ['person', 'drift', 'sample-ratio', 'harm'];

export type Phase =
  | { readonly kind: 'new' }
  /** Not begun: the plan is being read, or it may not begin yet. */
  | {
      readonly kind: 'planned';
      readonly waitsFor?: {
        readonly reason: 'plan-problem' | 'unprovable' | HoldReason;
        readonly because: string;
      };
      /** When the obstacle is looked at again; without it a person must begin. */
      readonly checkAt?: string;
    }
  /** The way back is tried before anybody is exposed. */
  | { readonly kind: 'rehearsing'; readonly since: string }
  | { readonly kind: 'ramping' }
  | {
      readonly kind: 'holding';
      readonly reason: HoldReason;
      readonly because: string;
      readonly since: string;
    }
  /** The flag is off (or being switched off). `by` is absent when the evidence did it. */
  | {
      readonly kind: 'halted';
      readonly because: string;
      readonly at: string;
      readonly by?: Person;
      /** Names of the metrics whose harm was proved; empty when a person halted. */
      readonly metrics: readonly string[];
    }
  | { readonly kind: 'rolled-back'; readonly because: string; readonly at: string; readonly by: Person }
  | { readonly kind: 'finished'; readonly at: string };

export type VerdictName = 'safe' | 'harm' | 'undecided' | 'no-data' | 'provider-down';

/** One stage as it went, for the card, the record and the chart. */
export type StageRun = {
  readonly environment: string;
  readonly percent: number;
  readonly from: string;
  readonly to?: string;
  readonly left?: 'advanced' | 'overridden' | 'stepped-back' | 'halted' | 'rolled-back' | 'finished';
  readonly because?: string;
};

export type Rehearsal = {
  readonly at: string;
  /** One sentence for each thing that was tried, with its figure. */
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
  /** Seconds from switching off until the clients' side saw it. */
  readonly offSeconds?: number;
};

/** How the flag was switched off. */
export type SwitchOff = {
  readonly wantedAt: string;
  readonly doneAt?: string;
  /** `off`: environment disabled; `zero`: 0 % instead, because off was refused. */
  readonly route?: 'off' | 'zero';
  /** Measured: no exposed request seen any more. */
  readonly clientsOffAt?: string;
  /** Why it is not off yet, or not for everybody. */
  readonly problem?: string;
  /** When that is tried again. */
  readonly againAt?: string;
};

/** A percentage that the flag service confirmed. */
export type Written = {
  /** Which of `changes` it was. */
  readonly change: number;
  readonly percent: number;
  readonly strategy: string;
  readonly stickiness: string;
  readonly at: string;
  /** Ticks that begin before this are not counted: clients still follow. */
  readonly countFrom: string;
};

/** Another flag or another rollout stands in the way. */
export type Obstacle = { readonly reason: 'dependency' | 'other-rollout'; readonly because: string };

export type OverrideRequest = {
  readonly by: Person;
  readonly reason: string;
  readonly at: string;
  readonly environment: string;
  readonly stage: number;
};

export type RolloutMessageAbout =
  | { readonly kind: 'rollout-root' }
  | { readonly kind: 'rollout-card' }
  | { readonly kind: 'rollout-plan' }
  | {
      readonly kind: 'rollout-hold';
      readonly reason: HoldReason;
      readonly because: string;
      readonly at: string;
    }
  | { readonly kind: 'rollout-override'; readonly at?: string }
  | { readonly kind: 'rollout-halt' }
  | { readonly kind: 'rollout-rolled-back' }
  | { readonly kind: 'rollout-promoted'; readonly environment: string }
  | { readonly kind: 'rollout-finished' };

export type RolloutMessage = {
  readonly key: string;
  readonly about: RolloutMessageAbout;
  readonly version: number;
  readonly drawn: number;
  readonly ts?: string;
};

export type RolloutState = {
  readonly id: string;
  readonly flag: string;
  readonly origin?: Origin;
  /** Who may advance. */
  readonly owner?: Person;
  /** Where people read about it. `thread` is absent until our root message is posted. */
  readonly channel?: string;
  readonly thread?: string;
  /** Whether the flag may be created when it does not exist. */
  readonly createFlag: boolean;
  /** Chosen with the command instead of the file's. */
  readonly chosen?: { readonly environments?: readonly string[]; readonly stages?: readonly number[] };
  readonly title?: string;
  readonly startedAt?: string;
  readonly phase: Phase;
  readonly plan?: Plan;
  /** SHA-256 of the settings the plan was read from, for the record. */
  readonly planHash?: string;
  readonly forecast?: Forecast;
  readonly rehearsal?: Rehearsal;
  /** Index into plan.environments. */
  readonly environment: number;
  /** Index into plan.stages; -1 before the first. */
  readonly stage: number;
  /** When the evidence of this stage may begin: after the change and the warm-up. */
  readonly soakFrom?: string;
  /** Raised with every change that is asked of the flag service; part of the job's key. */
  readonly changes: number;
  /** What the flag should be and what it was last seen to be (by our own write or a tick). */
  readonly wanted: { readonly percent: number };
  readonly seen?: FlagSight;
  /** Absent until somebody is exposed in this environment. */
  readonly written?: Written;
  /** A change that was refused is not asked for again before this. */
  readonly changeAgainAt?: string;
  /** Whether the flag was touched in this environment, so that stopping switches it off. */
  readonly touched: boolean;
  readonly off?: SwitchOff;
  /** Number of ticks asked for; part of the tick job's key. */
  readonly ticks: number;
  readonly lastTickAt?: string;
  /** What the newest tick says against going on, as far as other rollouts and flags go. */
  readonly obstacle?: Obstacle;
  /** Counted ticks in a row that held nothing to count, or were not answered. */
  readonly ticksWithoutData: number;
  /** Ticks in a row in which the flag service did not answer. */
  readonly ticksWithoutFlag: number;
  /** When the evidence was last restarted for harm that comes late. */
  readonly restartedAt?: string;
  readonly evidence: Readonly<Record<string, MetricEvidence>>;
  readonly sampleRatio?: SampleRatio;
  readonly verdict?: { readonly name: VerdictName; readonly because: string; readonly at: string };
  readonly stages: readonly StageRun[];
  readonly override?: OverrideRequest;
  readonly issue?: { readonly key: string; readonly url: string };
  /** Why there is no issue. */
  readonly issueProblem?: string;
  /** Counts jobs whose answer decides (plan, rehearsal, start check); part of their keys. */
  readonly step: number;
  readonly messages: readonly RolloutMessage[];
  /** When the card was last redrawn for a tick alone. */
  readonly cardAt?: string;
  readonly updatedAt?: string;
};

export const initial: RolloutState = {
  id: '',
  flag: '',
  createFlag: false,
  phase: { kind: 'new' },
  environment: 0,
  stage: -1,
  changes: 0,
  wanted: { percent: 0 },
  touched: false,
  ticks: 0,
  ticksWithoutData: 0,
  ticksWithoutFlag: 0,
  evidence: {},
  stages: [],
  step: 0,
  messages: [],
};

/** The phases in which nothing more will happen by itself and nobody is waited for. */
export function isOver(phase: Phase): boolean {
  return phase.kind === 'rolled-back' || phase.kind === 'finished';
}

export function stageNow(state: RolloutState): Stage | undefined {
  return state.plan?.stages[state.stage];
}

export function environmentNow(state: RolloutState): string | undefined {
  return state.plan?.environments[state.environment];
}

export function placeOf(state: RolloutState): Place | undefined {
  return state.channel && state.thread ? { channel: state.channel, thread: state.thread } : undefined;
}

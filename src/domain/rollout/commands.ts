import type { Person } from '../feature/state.ts';
import type { Forecast } from './planner.ts';
import type { FlagSight, Tick } from './reading.ts';
import type { Origin, Plan, Rehearsal } from './state.ts';

/** What people ask of a rollout. Rights are checked in `decide`, from the actor. */
export type PersonCommand =
  | {
      readonly type: 'start';
      readonly id: string;
      readonly flag: string;
      readonly title?: string;
      readonly origin: Origin;
      readonly owner: Person;
      readonly channel: string;
      /** The thread it belongs to; without one the bot posts a message for it. */
      readonly thread?: string;
      readonly createFlag: boolean;
      readonly environments?: readonly string[];
      readonly stages?: readonly number[];
    }
  /** Read the plan again, or begin though something cannot be proved. */
  | { readonly type: 'begin'; readonly step: number }
  | { readonly type: 'hold'; readonly reason?: string }
  | { readonly type: 'resume' }
  /** Only with proof; `seen` is the stage the person saw. */
  | { readonly type: 'advance'; readonly seen?: { readonly environment: number; readonly stage: number } }
  /** Asks for an advance without proof; another person must confirm it. */
  | { readonly type: 'ask-override'; readonly reason: string }
  | { readonly type: 'confirm-override'; readonly at: string }
  | { readonly type: 'back' }
  | { readonly type: 'halt'; readonly reason?: string }
  | { readonly type: 'roll-back'; readonly reason?: string };

/** What came of a job. Each carries the key of the job; when that is no longer pending, `decide` refuses it. */
export type JobCommand =
  | {
      readonly type: 'plan-read';
      readonly key: string;
      readonly plan: Plan;
      readonly hash: string;
      readonly forecast: Forecast;
    }
  /** Nothing is counted for a guardrail yet: the change is not deployed, or its metric is not labelled. */
  | { readonly type: 'no-traffic'; readonly key: string; readonly because: string; readonly againAt: string }
  /** Whether it may begin or go on, as far as other rollouts and other flags say. */
  | {
      readonly type: 'start-checked';
      readonly key: string;
      readonly obstacle?: {
        readonly reason: 'dependency' | 'other-rollout' | 'flag-service';
        readonly because: string;
      };
    }
  | {
      readonly type: 'rehearsed';
      readonly key: string;
      readonly rehearsal: Rehearsal;
      readonly flag: FlagSight;
      /** Over-dispersion by metric from the pre-flight, with how it was found. */
      readonly dispersion: Readonly<Record<string, { readonly phi: number; readonly because: string }>>;
    }
  /** The rehearsal, or the reading of the plan, says it may not begin. */
  | {
      readonly type: 'not-ready';
      readonly key: string;
      readonly because: string;
      readonly rehearsal?: Rehearsal;
    }
  | { readonly type: 'exposure-set'; readonly key: string; readonly flag: FlagSight; readonly at: string }
  /** The flag was not as we left it. */
  | {
      readonly type: 'exposure-conflict';
      readonly key: string;
      readonly flag?: FlagSight;
      readonly because: string;
    }
  | {
      readonly type: 'ticked';
      readonly key: string;
      readonly tick: Tick;
      readonly obstacle?: { readonly reason: 'dependency' | 'other-rollout'; readonly because: string };
    }
  | {
      readonly type: 'switched-off';
      readonly key: string;
      readonly route: 'off' | 'zero';
      readonly at: string;
    }
  | { readonly type: 'clients-obeyed'; readonly key: string; readonly at: string; readonly because: string }
  | {
      readonly type: 'issue-opened';
      readonly key: string;
      readonly issue: { readonly key: string; readonly url: string };
    }
  | {
      readonly type: 'told';
      readonly key: string;
      readonly message: string;
      readonly version: number;
      readonly ts: string;
    }
  | { readonly type: 'gave-up'; readonly key: string; readonly because: string };

export type RolloutCommand = PersonCommand | JobCommand;

import type { Person } from '../feature/state.ts';
import type { Forecast } from './planner.ts';
import type { FlagSight, Tick } from './reading.ts';
import type { HoldReason, Obstacle, Origin, Plan, Rehearsal, VerdictName } from './state.ts';

type Happened<Type extends string, Data = unknown> = { readonly type: Type; readonly because: string } & Data;

export type RolloutEvent =
  | Happened<
      'started',
      {
        readonly id: string;
        readonly flag: string;
        readonly title?: string;
        readonly origin: Origin;
        readonly owner: Person;
        readonly channel: string;
        readonly thread?: string;
        readonly createFlag: boolean;
        readonly environments?: readonly string[];
        readonly stages?: readonly number[];
      }
    >
  | Happened<'planned', { readonly plan: Plan; readonly hash: string; readonly forecast: Forecast }>
  /** It may not begin, or not yet. */
  | Happened<
      'not-begun',
      {
        readonly reason: 'plan-problem' | 'unprovable' | HoldReason;
        readonly rehearsal?: Rehearsal;
        /** When it is looked at again by itself; without it a person must begin. */
        readonly checkAt?: string;
        readonly by?: Person;
      }
    >
  | Happened<'rehearsal-began'>
  | Happened<
      'rehearsed',
      {
        readonly rehearsal: Rehearsal;
        readonly flag: FlagSight;
        readonly dispersion: Readonly<Record<string, { readonly phi: number; readonly because: string }>>;
      }
    >
  /** The next stage (or the one before) is wanted: from now on the flag service is asked for it. */
  | Happened<
      'stage-entered',
      {
        readonly environment: number;
        readonly stage: number;
        readonly percent: number;
        readonly how: 'first' | 'advanced' | 'overridden' | 'stepped-back' | 'resumed';
        readonly by?: Person;
      }
    >
  | Happened<'exposure-set', { readonly flag: FlagSight; readonly at: string }>
  | Happened<'ticked', { readonly tick: Tick; readonly verdict: VerdictName; readonly obstacle?: Obstacle }>
  | Happened<
      'held',
      {
        readonly reason: HoldReason;
        readonly by?: Person;
        readonly flag?: FlagSight;
        /** When the change that could not be made is asked for again. */
        readonly againAt?: string;
      }
    >
  /** A hold, a halt or an obstacle is over; what is named begins its evidence anew. */
  | Happened<'released', { readonly by?: Person; readonly anew?: readonly string[] }>
  | Happened<'override-asked', { readonly by: Person; readonly reason: string }>
  | Happened<'promoted', { readonly environment: number }>
  | Happened<'halted', { readonly metrics: readonly string[]; readonly by?: Person }>
  | Happened<'switched-off', { readonly route: 'off' | 'zero'; readonly at: string }>
  | Happened<'switch-off-failed', { readonly againAt: string }>
  | Happened<'clients-obeyed', { readonly at: string }>
  | Happened<'clients-not-obeyed', { readonly againAt: string }>
  | Happened<'rolled-back', { readonly by: Person }>
  | Happened<'finished'>
  | Happened<'issue-opened', { readonly issue: { readonly key: string; readonly url: string } }>
  | Happened<'issue-not-opened'>
  | Happened<'message-told', { readonly key: string; readonly version: number; readonly ts?: string }>;

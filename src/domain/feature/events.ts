import type { Workflow } from '../workflow.ts';
import type { CriterionTest, Plan } from './plan.ts';
import type { Part, Question } from './spec.ts';
import type {
  AttemptProof,
  Mark,
  Note,
  OpenedPullRequest,
  Person,
  Request,
  SpecVersion,
  Work,
} from './state.ts';

/** What one model request cost, over all its tries. */
export type Cost = {
  readonly model: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly dollars: number;
};

type Happened<Type extends string, Data = unknown> = { readonly type: Type; readonly because: string } & Data;

/** Prompt and answer of a model call, by their SHA-256, with what they cost. */
export type Thinking = { readonly cost: Cost; readonly prompt: string; readonly answer: string };

export type FeatureEvent =
  | Happened<'asked', { readonly id: string; readonly request: Request; readonly choices: readonly string[] }>
  | Happened<'repository-chosen', { readonly name: string; readonly by: Person }>
  | Happened<
      'repository-read',
      {
        readonly branch: string;
        readonly commit: string;
        readonly workflow: Workflow;
        readonly workflowHash: string;
      }
    >
  /** A piece of work was begun: from now on its job is owed. */
  | Happened<'work-began', { readonly on: Work }>
  | Happened<'questions-asked', { readonly questions: readonly Question[]; readonly thinking: Thinking }>
  | Happened<
      'answered',
      {
        readonly by: Person;
        readonly answers: readonly { readonly question: string; readonly answer: string }[];
        readonly byDefault: boolean;
      }
    >
  | Happened<'heard', { readonly note: Note }>
  | Happened<'suggestion-decided', { readonly ts: string; readonly accepted: boolean; readonly by: Person }>
  /** A model call has these messages in its prompt. */
  | Happened<'notes-read', { readonly notes: readonly string[] }>
  | Happened<'spec-written', { readonly version: SpecVersion; readonly thinking?: Thinking }>
  | Happened<'spec-approved', { readonly by: Person; readonly version: number; readonly hash: string }>
  | Happened<'rejected', { readonly by: Person }>
  | Happened<'split-proposed', { readonly parts: readonly Part[]; readonly thinking: Thinking }>
  | Happened<'split-decided', { readonly decision: 'split' | 'kept'; readonly by: Person }>
  | Happened<
      'planned',
      { readonly plan: Plan; readonly hash: string; readonly context: string; readonly thinking: Thinking }
    >
  | Happened<'plan-approved', { readonly by: Person; readonly hash: string }>
  | Happened<
      'tests-written',
      {
        readonly tests: readonly CriterionTest[];
        readonly change: string;
        readonly paths: readonly string[];
        readonly thinking: Thinking;
      }
    >
  | Happened<'attempt-began', { readonly number: number; readonly scope: 'all' | 'repair' }>
  | Happened<
      'task-built',
      {
        readonly task: string;
        readonly change: string;
        readonly context: string;
        readonly thinking: Thinking;
      }
    >
  /** The model's edits could not be applied; that ends the attempt. */
  | Happened<
      'task-failed',
      { readonly task: string; readonly proof: AttemptProof; readonly thinking: Thinking }
    >
  | Happened<'proved', { readonly attempt: number; readonly proof: AttemptProof }>
  | Happened<'person-needed', { readonly to: 'approve-plan' | 'decide' }>
  | Happened<'retry-asked', { readonly by: Person; readonly note?: Note; readonly attempts: number }>
  | Happened<'taken-over', { readonly by: Person }>
  | Happened<'pull-request-opened', OpenedPullRequest>
  | Happened<'merged', { readonly sha: string; readonly by: string }>
  | Happened<'pull-request-closed'>
  | Happened<'rollout-started', { readonly rollout: string }>
  | Happened<'rollout-not-started'>
  | Happened<'blocked', { readonly on: Work; readonly suggestion?: string; readonly cost?: Cost }>
  | Happened<'budget-reached', { readonly next: Work; readonly spent: number; readonly cap: number }>
  | Happened<'budget-raised', { readonly by: Person; readonly cap: number }>
  | Happened<
      'stopped',
      {
        readonly by: Person;
        readonly done: readonly string[];
        readonly inProgress?: string;
        readonly remains: readonly string[];
      }
    >
  | Happened<'branch-kept', { readonly branch: string; readonly url: string; readonly headSha: string }>
  | Happened<'branch-not-kept'>
  | Happened<'message-told', { readonly key: string; readonly version: number; readonly ts?: string }>
  | Happened<'marked', { readonly ts: string; readonly mark?: Mark }>;

/** Events that only record what was shown; the card is not redrawn for them. */
export const bookkeeping: readonly FeatureEvent['type'][] = ['message-told', 'marked', 'notes-read'];

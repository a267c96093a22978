import type { Workflow } from '../workflow.ts';
import type { Cost, Thinking } from './events.ts';
import type { CriterionTest, Plan } from './plan.ts';
import type { Part, Question, Spec } from './spec.ts';
import type { AttemptProof, Mark, OpenedPullRequest } from './state.ts';

/**
 * What may be asked of a feature. Commands of people carry what the person saw (a version, a hash, a step),
 * so that a stale click is refused with a sentence. Commands of jobs carry the key of the job: when that key
 * is no longer pending, the answer is late and is refused.
 */
export type PersonCommand =
  | {
      readonly type: 'ask';
      readonly id: string;
      readonly words: string;
      readonly channel: string;
      /** The person's message, when there is one. */
      readonly message?: string;
      /** The channel's repositories, from slipway.yml. */
      readonly repositories: readonly string[];
    }
  | { readonly type: 'choose-repository'; readonly name: string }
  | {
      readonly type: 'answer';
      readonly round: number;
      readonly answers: readonly { readonly question: string; readonly answer: string }[];
      /** "Use defaults". */
      readonly byDefault: boolean;
    }
  | { readonly type: 'say'; readonly ts: string; readonly text: string }
  | { readonly type: 'decide-suggestion'; readonly ts: string; readonly accept: boolean }
  | { readonly type: 'edit-spec'; readonly seen: number; readonly spec: Spec; readonly hash: string }
  | { readonly type: 'approve-spec'; readonly version: number; readonly hash: string }
  | { readonly type: 'reject'; readonly seen: number; readonly because: string }
  | { readonly type: 'decide-split'; readonly split: boolean }
  | { readonly type: 'approve-plan'; readonly hash: string }
  | { readonly type: 'retry'; readonly attempt: number; readonly note: string; readonly ts: string }
  | { readonly type: 'take-over'; readonly attempt: number }
  | { readonly type: 'try-again'; readonly step: number }
  | { readonly type: 'raise-budget'; readonly step: number; readonly to: number }
  | { readonly type: 'stop' };

type Answer<Type extends string, Data> = { readonly type: Type; readonly key: string } & Data;

export type JobCommand =
  | Answer<
      'repository-read',
      {
        readonly branch: string;
        readonly commit: string;
        readonly workflow: Workflow;
        readonly workflowHash: string;
      }
    >
  /** `notes`: timestamps of the messages the model call had in its prompt. */
  | Answer<
      'interviewed',
      {
        readonly questions: readonly Question[];
        readonly thinking: Thinking;
        readonly notes: readonly string[];
      }
    >
  | Answer<
      'specified',
      {
        readonly spec: Spec;
        readonly hash: string;
        readonly thinking: Thinking;
        readonly notes: readonly string[];
      }
    >
  | Answer<
      'split-proposed',
      { readonly parts: readonly Part[]; readonly thinking: Thinking; readonly notes: readonly string[] }
    >
  | Answer<
      'planned',
      {
        readonly plan: Plan;
        readonly hash: string;
        readonly context: string;
        readonly thinking: Thinking;
        readonly notes: readonly string[];
      }
    >
  | Answer<
      'tests-written',
      {
        readonly tests: readonly CriterionTest[];
        readonly change: string;
        readonly paths: readonly string[];
        readonly thinking: Thinking;
        readonly notes: readonly string[];
      }
    >
  | Answer<
      'built',
      {
        readonly task: string;
        readonly change: string;
        readonly context: string;
        readonly thinking: Thinking;
        readonly notes: readonly string[];
      }
    >
  | Answer<
      'not-built',
      {
        readonly task: string;
        readonly proof: AttemptProof;
        readonly thinking: Thinking;
        readonly notes: readonly string[];
      }
    >
  | Answer<'proved', { readonly proof: AttemptProof }>
  | Answer<'pull-request-opened', OpenedPullRequest>
  | Answer<'pull-request-merged', { readonly sha: string; readonly by: string }>
  | Answer<'pull-request-closed', unknown>
  | Answer<'rollout-started', { readonly rollout: string }>
  | Answer<'branch-kept', { readonly branch: string; readonly url: string; readonly headSha: string }>
  /** The job cannot go on until a person changes something. */
  | Answer<'gave-up', { readonly because: string; readonly suggestion?: string; readonly cost?: Cost }>
  | Answer<'told', { readonly message: string; readonly version: number; readonly ts: string }>
  | Answer<'marked', { readonly ts: string; readonly mark?: Mark }>;

export type FeatureCommand = PersonCommand | JobCommand;

import type { CriterionProof, Finding, TestCounts, Verdict } from '../proof.ts';
import type { Workflow } from '../workflow.ts';
import type { CriterionTest, Plan } from './plan.ts';
import type { Part, Question, Spec } from './spec.ts';

/** A person as a feature remembers them. */
export type Person = { readonly id: string; readonly name: string };

/** What was asked, as it was asked. */
export type Request = {
  readonly by: Person;
  readonly words: string;
  readonly channel: string;
  /** The message of a person that the thread hangs on; absent when the bot has to post one (a slash command). */
  readonly message?: string;
  readonly at: string;
};

/** Work that a job does; while it lasts, the feature waits for that job's answer. */
export const works = [
  'read-repository',
  'interview',
  'specify',
  'plan',
  'write-tests',
  'build',
  'prove',
  'propose',
] as const;
export type Work = (typeof works)[number];

/** Where a feature stands: a closed list. What a phase waits for is in it. */
export type Phase =
  /** Nothing has been asked yet. */
  | { readonly kind: 'new' }
  /** The channel has several repositories; the requester picks one. */
  | { readonly kind: 'choosing-repository'; readonly choices: readonly string[] }
  /** A job is at it. `step` makes its key unique for ever. */
  | { readonly kind: 'working'; readonly on: Work; readonly step: number }
  /** The requester has questions to answer. */
  | { readonly kind: 'answering'; readonly round: number; readonly questions: readonly Question[] }
  /** The request is too large; the requester decides whether it is split. */
  | { readonly kind: 'splitting'; readonly parts: readonly Part[] }
  /** The newest spec waits for approval. */
  | { readonly kind: 'reviewing-spec' }
  /** The plan of a medium or high risk waits for approval. */
  | { readonly kind: 'reviewing-plan' }
  /** The attempts are used up or go in circles; a person decides. */
  | { readonly kind: 'deciding'; readonly because: string }
  /** A job gave up; a person changes something and tries again. */
  | { readonly kind: 'blocked'; readonly on: Work; readonly because: string; readonly suggestion?: string }
  /** The budget is used up; a person raises it or stops. */
  | { readonly kind: 'over-budget'; readonly next: Work }
  /** The draft pull request is open and proved. */
  | { readonly kind: 'proposed' }
  /** A person merged it. Its rollout is a process of its own. */
  | { readonly kind: 'merged'; readonly sha: string; readonly by: string; readonly at: string }
  /** The pull request was closed without a merge. */
  | { readonly kind: 'closed' }
  | { readonly kind: 'split' }
  | { readonly kind: 'rejected'; readonly by: Person; readonly because: string }
  | { readonly kind: 'taken-over'; readonly by: Person }
  | {
      readonly kind: 'stopped';
      readonly by: Person;
      readonly done: readonly string[];
      readonly inProgress: string | undefined;
      readonly remains: readonly string[];
    };

/** The phases in which nothing more will happen by itself and nobody is waited for. */
export function isFinal(phase: Phase): boolean {
  switch (phase.kind) {
    case 'proposed':
    case 'merged':
    case 'closed':
    case 'split':
    case 'rejected':
    case 'taken-over':
    case 'stopped':
      return true;
    case 'new':
    case 'choosing-repository':
    case 'working':
    case 'answering':
    case 'splitting':
    case 'reviewing-spec':
    case 'reviewing-plan':
    case 'deciding':
    case 'blocked':
    case 'over-budget':
      return false;
  }
}

/** What a person said in the thread. */
export type Note = {
  /** Timestamp of the Slack message. */
  readonly ts: string;
  readonly by: Person;
  readonly text: string;
  /** The requester's words count at once; others' are suggestions until the requester accepts them. */
  readonly standing: 'counts' | 'suggested' | 'declined';
  /** Whether a model call has read it. */
  readonly read: boolean;
  /** Who accepted or declined a suggestion. */
  readonly decided?: Approval;
};

export type SpecVersion = {
  readonly version: number;
  readonly spec: Spec;
  /** SHA-256 of the canonical JSON of `spec`; an approval is bound to it. */
  readonly hash: string;
  /** Who wrote this version: the model, or a person in the Edit dialog. */
  readonly from: 'model' | Person;
};

export type Approval = { readonly by: Person; readonly at: string };

export type AttemptProof = {
  readonly verdict: Verdict;
  readonly because: string;
  /** Blob: the whole ProofReport as JSON. */
  readonly report: string;
  readonly checks: readonly {
    readonly name: string;
    readonly verdict: string;
    readonly because: string;
    readonly head: TestCounts;
  }[];
  readonly criteria: readonly CriterionProof[];
  readonly findings: readonly Finding[];
  /** What failed, as one line each, in a stable order; the same list twice means going in circles. */
  readonly failing: readonly string[];
  /** The same failures with expected and received, for people. */
  readonly failures: readonly { readonly test: string; readonly message: string }[];
  readonly milliseconds: number;
};

export type Attempt = {
  readonly number: number;
  /** `all`: every task of the plan from the base commit; `repair`: the last attempt's change is mended. */
  readonly scope: 'all' | 'repair';
  /** How many of its tasks are built. */
  readonly built: number;
  /** Blob: the ChangedFile list against the base commit after the last built task. */
  readonly change?: string;
  /** Blobs: the context each task was shown, with the reason for each file. */
  readonly contexts: readonly string[];
  /** Names of the models that wrote it. */
  readonly models: readonly string[];
  readonly proof?: AttemptProof;
};

/** A message of ours in the thread. It is drawn from the state; `version` is what it should show, `drawn` what it shows. */
export type ThreadMessage = {
  readonly key: string;
  readonly about: MessageAbout;
  readonly version: number;
  readonly drawn: number;
  readonly ts?: string;
};

/** What each message is about; its view (src/slack/views) draws it from the state. */
export type MessageAbout =
  /** Opens the thread when a slash command did not leave a message. */
  | { readonly kind: 'root' }
  | { readonly kind: 'card' }
  | { readonly kind: 'repository-picker' }
  | { readonly kind: 'questions'; readonly round: number }
  | { readonly kind: 'split' }
  | { readonly kind: 'spec'; readonly version: number }
  | { readonly kind: 'suggestion'; readonly ts: string }
  | { readonly kind: 'plan'; readonly hash: string }
  | { readonly kind: 'proof'; readonly attempt: number }
  | { readonly kind: 'blocked'; readonly because: string; readonly step: number }
  | { readonly kind: 'budget'; readonly spent: number; readonly cap: number; readonly step: number }
  | { readonly kind: 'pull-request' }
  | { readonly kind: 'ended' };

/** Our state reactions: seen, at work, done, a person is needed. At most one of them is on a message. */
export type Mark = 'received' | 'running' | 'done' | 'failed';

/** The state reaction on a message. */
export type MarkState = {
  readonly wanted: Mark | undefined;
  readonly shown: Mark | undefined;
  /** How often it was set; part of the job's key, so that a late answer is told from a current one. */
  readonly times: number;
};

/** The pull request a feature ends in. */
export type OpenedPullRequest = {
  readonly number: number;
  readonly url: string;
  readonly draft: boolean;
  readonly headSha: string;
  readonly branch: string;
  readonly files: readonly string[];
};

export type FeatureState = {
  readonly id: string;
  readonly phase: Phase;
  /** Counts the pieces of work begun; part of every job key. */
  readonly step: number;
  readonly request?: Request;
  readonly repository?: {
    readonly name: string;
    readonly branch: string;
    readonly commit: string;
    readonly workflow: Workflow;
  };
  /** Chosen, but not read yet. */
  readonly repositoryName?: string;
  readonly rounds: readonly {
    readonly questions: readonly Question[];
    readonly answers: readonly { readonly question: string; readonly answer: string }[];
    readonly answeredBy?: Person;
    readonly answeredAt?: string;
    readonly byDefault?: boolean;
  }[];
  readonly notes: readonly Note[];
  readonly specs: readonly SpecVersion[];
  readonly specApproval?: Approval & { readonly version: number; readonly hash: string };
  readonly split?: {
    readonly parts: readonly Part[];
    readonly decision?: 'split' | 'kept';
    readonly by?: Person;
    readonly at?: string;
  };
  readonly plan?: {
    readonly plan: Plan;
    readonly hash: string;
    readonly approval?: Approval;
    /** Blob: the context the planner saw. */
    readonly context: string;
  };
  readonly tests?: {
    readonly tests: readonly CriterionTest[];
    /** Blob: the ChangedFile list with the tests. */
    readonly change: string;
    readonly paths: readonly string[];
  };
  readonly attempts: readonly Attempt[];
  /** The attempt number after which a person must decide. */
  readonly attemptsAllowed: number;
  readonly pullRequest?: OpenedPullRequest;
  /** The process that takes it to users, once there is one; or why there is none. */
  readonly rollout?: { readonly id: string } | { readonly because: string };
  readonly spent: { readonly dollars: number; readonly inputTokens: number; readonly outputTokens: number };
  readonly budgetRaised?: Approval & { readonly from: number; readonly to: number };
  /** What was built, on a branch for a person to go on with; or why it could not be put there. */
  readonly kept?:
    | { readonly branch: string; readonly url: string; readonly headSha: string }
    | { readonly because: string };
  /** Dollars; undefined until the repository's workflow is read. */
  readonly budget?: number;
  readonly messages: readonly ThreadMessage[];
  readonly marks: Readonly<Record<string, MarkState>>;
  readonly updatedAt?: string;
};

export const initial: FeatureState = {
  id: '',
  phase: { kind: 'new' },
  step: 0,
  rounds: [],
  notes: [],
  specs: [],
  attempts: [],
  attemptsAllowed: 0,
  spent: { dollars: 0, inputTokens: 0, outputTokens: 0 },
  messages: [],
  marks: {},
};

export function newestSpec(state: FeatureState): SpecVersion | undefined {
  return state.specs.at(-1);
}

export function lastAttempt(state: FeatureState): Attempt | undefined {
  return state.attempts.at(-1);
}

/** The thread the feature lives in; known once its first message exists. */
export function threadOf(state: FeatureState): string | undefined {
  return state.request?.message ?? state.messages.find((message) => message.about.kind === 'root')?.ts;
}

/** The branch is named after the feature, so that it is found again rather than made twice. */
export function branchOf(state: FeatureState): string {
  const title = newestSpec(state)?.spec.title ?? 'feature';
  const slug = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 40)
    .replace(/-+$/, '');
  return `slipway/${state.id}${slug ? `-${slug}` : ''}`;
}

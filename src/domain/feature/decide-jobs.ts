import type { Decision } from '../process.ts';
import type { JobCommand } from './commands.ts';
import type { FeatureEvent, Thinking } from './events.ts';
import { afterFailure, begin, beginAttempt, dollars, tasksOfAttempt, unreadNotes } from './next.ts';
import { keepKey, markKey, tellKey, workKey } from './pending.ts';
import type { FeatureState, SpecVersion } from './state.ts';
import { lastAttempt, newestSpec } from './state.ts';

/** Decides about the answers of jobs. An answer whose key is no longer pending is late and changes nothing. */
export function decideJob(state: FeatureState, command: JobCommand): Decision<FeatureEvent> {
  if (command.type === 'told') return decideTold(state, command);
  if (command.type === 'marked') return decideMarked(state, command);
  if (command.type === 'branch-kept') return decideKept(state, command);
  if (command.type === 'gave-up' && !isWorkKey(command.key)) return decideUntold(state, command);
  if (command.key !== workKey(state)) {
    return { refuse: `The answer of ${command.key} is late: the feature has gone on.` };
  }
  return { accept: decideWork(state, command) };
}

type WorkAnswer = Exclude<JobCommand, { type: 'told' | 'marked' | 'branch-kept' }>;

function decideWork(state: FeatureState, command: WorkAnswer): readonly FeatureEvent[] {
  switch (command.type) {
    case 'repository-read':
      return [
        {
          type: 'repository-read',
          branch: command.branch,
          commit: command.commit,
          workflow: command.workflow,
          workflowHash: command.workflowHash,
          because: `${state.repositoryName} is at ${command.commit.slice(0, 7)} on ${command.branch}, with ${command.workflow.checks.length} checks in its .slipway.yml.`,
        },
        ...begin(state, 'interview', 'The request may leave questions open.'),
      ];
    case 'interviewed':
      return interviewed(state, command);
    case 'specified':
      return specified(state, command);
    case 'split-proposed':
      return [
        {
          type: 'split-proposed',
          parts: command.parts,
          thinking: command.thinking,
          because: `The goal does not fit in three sentences; ${command.parts.length} smaller features would.`,
        },
        ...read(command.notes),
      ];
    case 'planned':
      return [
        {
          type: 'planned',
          plan: command.plan,
          hash: command.hash,
          context: command.context,
          thinking: command.thinking,
          because: `The plan has ${command.plan.tasks.length} tasks.`,
        },
        ...read(command.notes),
        ...begin(state, 'write-tests', 'The tests are written before any code.', cost(command.thinking)),
      ];
    case 'tests-written':
      return testsWritten(state, command);
    case 'built':
      return built(state, command);
    case 'not-built':
      return [
        {
          type: 'task-failed',
          task: command.task,
          proof: command.proof,
          thinking: command.thinking,
          because: command.proof.because,
        },
        ...read(command.notes),
        ...afterFailure(state, command.proof, cost(command.thinking)),
      ];
    case 'proved':
      return proved(state, command);
    case 'pull-request-opened': {
      const { type: _type, key: _key, ...pullRequest } = command;
      return [
        {
          type: 'pull-request-opened',
          ...pullRequest,
          because: `Pull request #${command.number} holds ${command.files.length} files at ${command.headSha.slice(0, 7)}, as a draft, with its proof.`,
        },
      ];
    }
    case 'gave-up': {
      const on = state.phase.kind === 'working' ? state.phase.on : 'read-repository';
      return [
        {
          type: 'blocked',
          on,
          because: command.because,
          ...(command.suggestion !== undefined && { suggestion: command.suggestion }),
          ...(command.cost && { cost: command.cost }),
        },
      ];
    }
  }
}

function cost(thinking: Thinking): number {
  return thinking.cost.dollars;
}

function read(notes: readonly string[]): readonly FeatureEvent[] {
  if (notes.length === 0) return [];
  return [
    {
      type: 'notes-read',
      notes,
      because: `${notes.length} message${notes.length === 1 ? ' was' : 's were'} in the model's prompt.`,
    },
  ];
}

/** The notes that came in while the model was thinking and are not in its answer. */
function missedNotes(state: FeatureState, readNow: readonly string[]): number {
  return unreadNotes(state).filter((note) => !readNow.includes(note.ts)).length;
}

type Of<Type extends JobCommand['type']> = Extract<JobCommand, { type: Type }>;

function interviewed(state: FeatureState, command: Of<'interviewed'>): readonly FeatureEvent[] {
  const { questions, thinking, notes } = command;
  const count = `${questions.length} question${questions.length === 1 ? '' : 's'}`;
  const asked: FeatureEvent = {
    type: 'questions-asked',
    questions,
    thinking,
    because:
      questions.length === 0 ? 'The request leaves no question open.' : `The request leaves ${count} open.`,
  };
  const next =
    questions.length === 0 ? begin(state, 'specify', 'Nothing is left to ask.', cost(thinking)) : [];
  return [asked, ...read(notes), ...next];
}

function specified(state: FeatureState, command: Of<'specified'>): readonly FeatureEvent[] {
  const version: SpecVersion = {
    version: (newestSpec(state)?.version ?? 0) + 1,
    spec: command.spec,
    hash: command.hash,
    from: 'model',
  };
  const missed = missedNotes(state, command.notes);
  return [
    {
      type: 'spec-written',
      version,
      thinking: command.thinking,
      because: `Spec v${version.version} has ${command.spec.criteria.length} criteria and ${command.spec.risk.level} risk: ${command.spec.risk.because}`,
    },
    ...read(command.notes),
    ...(missed > 0
      ? begin(
          state,
          'specify',
          `${missed} messages came in while the spec was written.`,
          cost(command.thinking),
        )
      : []),
  ];
}

function testsWritten(state: FeatureState, command: Of<'tests-written'>): readonly FeatureEvent[] {
  const written: readonly FeatureEvent[] = [
    {
      type: 'tests-written',
      tests: command.tests,
      change: command.change,
      paths: command.paths,
      thinking: command.thinking,
      because: `${command.tests.length} tests in ${command.paths.length} files stand for the criteria.`,
    },
    ...read(command.notes),
  ];
  const attempt = lastAttempt(state);
  const risk = newestSpec(state)?.spec.risk.level;
  if (attempt) {
    const next = {
      number: attempt.number + 1,
      scope: 'all' as const,
      because: 'The tests were written anew, so the code starts anew.',
      justSpent: cost(command.thinking),
    };
    return [...written, ...beginAttempt(state, next)];
  }
  if (risk === 'low' || state.plan?.approval) {
    const because = risk === 'low' ? 'Low risk goes on by itself.' : 'The plan is approved.';
    return [
      ...written,
      ...beginAttempt(state, { number: 1, scope: 'all', because, justSpent: cost(command.thinking) }),
    ];
  }
  return [
    ...written,
    {
      type: 'person-needed',
      to: 'approve-plan',
      because: `The risk is ${risk}, so a person approves the plan.`,
    },
  ];
}

function built(state: FeatureState, command: Of<'built'>): readonly FeatureEvent[] {
  const tasks = tasksOfAttempt(state);
  const done = (lastAttempt(state)?.built ?? 0) + 1;
  const next =
    done < tasks.length
      ? begin(state, 'build', `Task ${tasks[done]} is next.`, cost(command.thinking))
      : begin(state, 'prove', 'Every task is built.');
  return [
    {
      type: 'task-built',
      task: command.task,
      change: command.change,
      context: command.context,
      thinking: command.thinking,
      because: `Task ${command.task} is built (${done} of ${tasks.length}) for ${dollars(cost(command.thinking))}.`,
    },
    ...read(command.notes),
    ...next,
  ];
}

function proved(state: FeatureState, command: Of<'proved'>): readonly FeatureEvent[] {
  const attempt = lastAttempt(state);
  const number = attempt?.number ?? 1;
  const proof: FeatureEvent = {
    type: 'proved',
    attempt: number,
    proof: command.proof,
    because: command.proof.because,
  };
  if (command.proof.verdict !== 'pass') return [proof, ...afterFailure(state, command.proof)];
  const missed = unreadNotes(state).length;
  if (missed > 0 && number < state.attemptsAllowed) {
    const because = `The proof passed, but ${missed} message${missed === 1 ? '' : 's'} came in after the last model call.`;
    return [proof, ...beginAttempt(state, { number: number + 1, scope: 'repair', because })];
  }
  return [proof, ...begin(state, 'propose', 'The proof passed.')];
}

function decideTold(state: FeatureState, command: Of<'told'>): Decision<FeatureEvent> {
  const message = state.messages.find((candidate) => candidate.key === command.message);
  if (!message || tellKey(message) !== command.key) {
    return { refuse: `The answer of ${command.key} is late: the message was drawn again.` };
  }
  const because = message.ts === undefined ? 'Posted in the thread.' : 'Redrawn in the thread.';
  return {
    accept: [
      { type: 'message-told', key: command.message, version: command.version, ts: command.ts, because },
    ],
  };
}

function decideMarked(state: FeatureState, command: Of<'marked'>): Decision<FeatureEvent> {
  const mark = state.marks[command.ts];
  if (!mark || markKey(command.ts, mark.times) !== command.key) {
    return { refuse: `The answer of ${command.key} is late: the reaction was set again.` };
  }
  return {
    accept: [
      {
        type: 'marked',
        ts: command.ts,
        ...(command.mark && { mark: command.mark }),
        because: command.mark ? `Marked as ${command.mark}.` : 'The mark was taken away.',
      },
    ],
  };
}

function decideKept(state: FeatureState, command: Of<'branch-kept'>): Decision<FeatureEvent> {
  if (command.key !== keepKey(state)) return { refuse: `The answer of ${command.key} is late.` };
  const { branch, url, headSha } = command;
  const because = `What was built is on ${branch} at ${headSha.slice(0, 7)}; it is not proved.`;
  return { accept: [{ type: 'branch-kept', branch, url, headSha, because }] };
}

function isWorkKey(key: string): boolean {
  return !['tell/', 'mark/', 'keep-branch/'].some((start) => key.startsWith(start));
}

/** What is not work must not hold up the work: a message that cannot be shown is tried again when it changes. */
function decideUntold(state: FeatureState, command: Of<'gave-up'>): Decision<FeatureEvent> {
  if (command.key === keepKey(state)) {
    const because = `What was built could not be put on a branch: ${command.because}`;
    return { accept: [{ type: 'branch-not-kept', because }] };
  }
  const message = state.messages.find((candidate) => tellKey(candidate) === command.key);
  if (message) {
    const because = `Could not be shown: ${command.because}`;
    return { accept: [{ type: 'message-told', key: message.key, version: message.version, because }] };
  }
  const mark = Object.entries(state.marks).find(
    ([ts, candidate]) => markKey(ts, candidate.times) === command.key,
  );
  if (mark) {
    const [ts, { wanted }] = mark;
    return {
      accept: [
        {
          type: 'marked',
          ts,
          ...(wanted && { mark: wanted }),
          because: `Could not be marked: ${command.because}`,
        },
      ],
    };
  }
  return { refuse: `The answer of ${command.key} is late.` };
}

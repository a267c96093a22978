import type { Decision } from '../process.ts';
import type { JobCommand } from './commands.ts';
import { cost, read } from './decide/answers.ts';
import { built, proved, testsWritten } from './decide/building.ts';
import { decideReleased, type ReleaseAnswer } from './decide/released.ts';
import { decideKept, decideMarked, decideTold, decideUntold } from './decide/shown.ts';
import { interviewed, specified } from './decide/specifying.ts';
import type { FeatureEvent } from './events.ts';
import { afterFailure, begin } from './next.ts';
import { workKey } from './pending.ts';
import type { FeatureState } from './state.ts';

/** Decides about the answers of jobs. An answer whose key is no longer pending is late and changes nothing. */
export function decideJob(state: FeatureState, command: JobCommand): Decision<FeatureEvent> {
  if (command.type === 'told') return decideTold(state, command);
  if (command.type === 'marked') return decideMarked(state, command);
  if (command.type === 'branch-kept') return decideKept(state, command);
  if (isOfRelease(command)) return decideReleased(state, command);
  if (command.type === 'gave-up' && !isWorkKey(command.key)) return decideUntold(state, command);
  if (command.key !== workKey(state)) {
    return { refuse: `The answer of ${command.key} is late: the feature has gone on.` };
  }
  return { accept: decideWork(state, command) };
}

type WorkAnswer = Exclude<JobCommand, { type: 'told' | 'marked' | 'branch-kept' } | ReleaseAnswer>;

function isOfRelease(command: JobCommand): command is ReleaseAnswer {
  return ['pull-request-merged', 'pull-request-closed', 'rollout-started'].includes(command.type);
}

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

function isWorkKey(key: string): boolean {
  return !['tell/', 'mark/', 'keep-branch/', 'watch-pull-request/', 'start-rollout/'].some((start) =>
    key.startsWith(start),
  );
}

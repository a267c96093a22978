import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readWorkflow, workflowFileName } from '../config/workflow-file.ts';
import { GiveUp } from '../errors.ts';
import { proposeWorkflow } from '../workspace/propose-workflow.ts';
import type { FeatureJob, Tools } from './common/job.ts';

/** Finds the newest commit of the repository and reads how its team works; proposes a `.slipway.yml` where there is none. */
export function readRepository({
  forge,
  workspace,
  maxDollars,
  baseBranches,
}: Pick<Tools, 'forge' | 'workspace' | 'maxDollars' | 'baseBranches'>): FeatureJob {
  return async ({ state, job, signal }) => {
    const repository = state.repositoryName;
    if (repository === undefined) throw new GiveUp(`Reading the repository of ${state.id}: none is chosen.`);
    const { branch, commit } = await forge.look(repository, baseBranches[repository]);
    const { directory } = await workspace.at({ repository, commit, signal });
    const names = await readdir(directory, { withFileTypes: true });
    const file = names.find((entry) => entry.name === workflowFileName);
    if (!file?.isFile()) {
      return {
        type: 'gave-up',
        key: job.key,
        because: `There is no ${workflowFileName} on ${branch} of ${repository}, so Slipway does not know how its team works. Read the one proposed below, change what is not right, commit it to ${branch} as ${workflowFileName}, and try again.`,
        suggestion: proposeWorkflow(await factsOf(directory, state.request?.by.name ?? 'owner')),
      };
    }
    const text = await readFile(join(directory, workflowFileName), 'utf8');
    const parsed = readWorkflow(text);
    if ('problems' in parsed) {
      const places = parsed.problems.map(
        ({ line, column, message }) => `• line ${line}, column ${column}: ${message}`,
      );
      return {
        type: 'gave-up',
        key: job.key,
        because: `The ${workflowFileName} of ${repository} on ${branch} has ${places.length} problem${places.length === 1 ? '' : 's'}. Correct them and try again.\n${places.join('\n')}`,
      };
    }
    return {
      type: 'repository-read',
      key: job.key,
      branch,
      commit,
      workflow: {
        ...parsed.value,
        budget: { perFeature: Math.min(parsed.value.budget.perFeature, maxDollars) },
      },
      workflowHash: createHash('sha256').update(text).digest('hex'),
    };
  };
}

const packageFile = z.object({
  scripts: z.record(z.string(), z.string()).optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
  devDependencies: z.record(z.string(), z.string()).optional(),
});

async function factsOf(directory: string, owner: string) {
  const names = (await readdir(directory, { withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
  const parsed = names.includes('package.json')
    ? packageFile.safeParse(jsonOf(await readFile(join(directory, 'package.json'), 'utf8')))
    : undefined;
  const { scripts, dependencies, devDependencies } = parsed?.data ?? {};
  return {
    owner: `@${owner}`,
    ...(parsed && {
      packageJson: {
        ...(scripts && { scripts }),
        ...(dependencies && { dependencies }),
        ...(devDependencies && { devDependencies }),
      },
    }),
    hasLockFile: names.includes('package-lock.json'),
    hasTypes: names.includes('tsconfig.json'),
    docs: ['AGENTS.md', 'CONTRIBUTING.md'].filter((name) => names.includes(name)),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

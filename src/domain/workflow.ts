import { z } from 'zod';
import { rolloutSettings } from './rollout/settings.ts';

/**
 * The `.slipway.yml` of a repository: how this team works. Read from the base branch, so that a change
 * cannot loosen the rules it is judged by.
 */

const reportFormats = ['vitest-json', 'jest-json', 'mocha-json', 'junit', 'tap'] as const;
export type ReportFormat = (typeof reportFormats)[number];

const glob = z.string().min(1);

export const check = z
  .strictObject({
    name: z.string().min(1).describe('What the report and the thread call this check.'),
    run: z
      .string()
      .min(1)
      .describe(
        'Shell command, run in the sandbox at the root of the repository. $REPORT is where the report must be written.',
      ),
    report: z
      .enum(reportFormats)
      .optional()
      .describe('Format of the report at $REPORT. Without it the exit status alone decides.'),
    coverage: z.string().min(1).optional().describe('Path of the lcov file the command writes.'),
    timeoutSeconds: z
      .number()
      .int()
      .min(1)
      .max(3600)
      .default(600)
      .describe('After this the command is stopped and the check fails.'),
  })
  .describe('A command that must hold on the change.');
export type Check = z.infer<typeof check>;

export const workflow = z
  .strictObject({
    version: z.literal(1),
    owner: z.string().min(1).describe('Who keeps this file current.'),
    reviewed: z.iso.date().optional().describe('When the owner last read this file.'),
    context: z
      .strictObject({
        always: z.array(z.string()).default([]).describe('Files the model is always shown.'),
        never: z.array(glob).default([]).describe('Files the model is never shown.'),
        maxTokens: z
          .number()
          .int()
          .min(1000)
          .default(24000)
          .describe('Most tokens of the repository in one prompt.'),
      })
      .prefault({}),
    install: z
      .string()
      .min(1)
      .optional()
      .describe('Installs the dependencies; the only command that may reach the package registry.'),
    checks: z.array(check).min(1),
    thresholds: z
      .strictObject({
        diffCoverage: z
          .number()
          .min(0)
          .max(100)
          .default(80)
          .describe('Percent of the added executable lines that tests must cover.'),
        changedLines: z
          .number()
          .int()
          .min(1)
          .default(400)
          .describe('Most added and removed lines of a change.'),
        attempts: z.number().int().min(1).max(10).default(3).describe('Attempts before a person decides.'),
      })
      .prefault({}),
    protected: z.array(glob).default([]).describe('Files a change may not touch.'),
    risk: z
      .strictObject({
        high: z.array(glob).default([]).describe('Files that make a change high risk.'),
        low: z.array(glob).default([]).describe('Files that are low risk when nothing else changes.'),
      })
      .prefault({}),
    budget: z
      .strictObject({ perFeature: z.number().positive().default(5).describe('Dollars.') })
      .prefault({}),
    toolchains: z
      .array(z.string().regex(/^\//, 'must be an absolute path'))
      .default([])
      .describe('Directories of the host that the checks need, mounted read-only.'),
    rollout: rolloutSettings
      .optional()
      .describe('How a merged feature goes to users. Without it the feature ends with the merge.'),
  })
  .describe('How this team works with Slipway.');
export type Workflow = z.infer<typeof workflow>;

import { z } from 'zod';
import { risks } from '../domain/feature/spec.ts';

import type { Right } from '../domain/process.ts';
import { rolloutSettings } from '../domain/rollout/settings.ts';
import type { Role } from '../ports.ts';

/** The `slipway.yml` of a deployment: where Slipway works, with which models, and who may do what. No secrets, no addresses of services. */

export const tiers = ['light', 'standard', 'strong'] as const;
export type Tier = (typeof tiers)[number];
const tier = z.enum(tiers);

const repositoryName = z.string().regex(/^[\w.-]+\/[\w.-]+$/, 'must be owner/name');
const channelName = z
  .string()
  .regex(/^(#[\p{L}\p{N}_-]{1,80}|[CG][A-Z0-9]{2,})$/u, 'must be a channel id or #name');
const person = z.string().regex(/^[UWS][A-Z0-9]{2,}$/, 'must be a Slack user id (U…) or user group id (S…)');

const dollars = z.number().nonnegative();
const price = {
  name: z.string().min(1).describe('What the endpoint calls the model.'),
  inputPerMillion: dollars.describe('Dollars per million input tokens.'),
  outputPerMillion: dollars.describe('Dollars per million output tokens.'),
};
const model = z.strictObject({
  ...price,
  fallback: z
    .strictObject(price)
    .optional()
    .describe('The model that is asked at OPENAI_FALLBACK_BASE_URL when the first endpoint does not answer.'),
});

/** One tier for all risks, or one per risk. */
const route = z
  .union([tier, z.strictObject({ low: tier, medium: tier, high: tier })], {
    error: `must be ${tiers.join(', ')}, or one of them for each of ${risks.join(', ')}`,
  })
  .transform((value) => (typeof value === 'string' ? { low: value, medium: value, high: value } : value));
const thinking = { low: 'standard', medium: 'standard', high: 'strong' } as const;
const routes = {
  interviewer: route.prefault('light'),
  specifier: route.prefault('standard'),
  planner: route.prefault(thinking),
  tester: route.prefault(thinking),
  coder: route.prefault(thinking),
} satisfies Record<Role, z.ZodType>;

const holders = z.union([z.literal('everyone'), z.array(person)], {
  error: 'must be everyone, or a list of Slack user ids (U…) and user group ids (S…)',
});
const rights = {
  request: holders.default('everyone').describe('Who may ask for a feature.'),
  steer: holders
    .default([])
    .describe("Who may answer, accept and decide in the requester's place; everybody may suggest."),
  approve: holders.describe('Who may approve specs, plans and higher budgets.'),
  stop: holders.default('everyone').describe('Who may stop a feature of somebody else.'),
  administer: holders.describe('Who has every right.'),
} satisfies Record<Exclude<Right, 'on-call'>, z.ZodType>;

const userId = z.string().regex(/^[UW][A-Z0-9]{2,}$/, 'must be a Slack user id (U…)');
const onCall = z.union(
  [
    z.strictObject({
      group: z.string().regex(/^S[A-Z0-9]{2,}$/, 'must be a Slack user group id (S…)'),
    }),
    z.strictObject({
      people: z.array(userId).min(1).describe('In the order of their turns.'),
      from: z.iso.datetime({ offset: true }).describe('When the first turn of the first began.'),
      hours: z.number().positive().describe('How long a turn lasts: 168 is a week.'),
    }),
  ],
  { error: 'must be a user group, or people with from and hours' },
);

export const deployment = z
  .strictObject({
    version: z.literal(1),
    channels: z
      .record(channelName, z.array(repositoryName).min(1))
      .describe(
        'For each channel (id or #name) its repositories; of several the person picks, the first is offered.',
      ),
    repositories: z
      .record(
        repositoryName,
        z.strictObject({
          baseBranch: z.string().min(1).optional().describe("Instead of the repository's default branch."),
        }),
      )
      .default({})
      .describe('Settings of single repositories.'),
    models: z.strictObject({ light: model, standard: model, strong: model }),
    routes: z.strictObject(routes).prefault({}).describe('Which tier thinks, for each role and risk.'),
    people: z
      .strictObject(rights)
      .describe('Rights; `everyone` is every full member of the workspace, never a guest.'),
    budgets: z
      .strictObject({
        perFeature: z
          .number()
          .positive()
          .default(5)
          .describe(
            'Dollars; a feature that reaches it asks before it goes on. `.slipway.yml` may set less.',
          ),
      })
      .prefault({})
      .describe('Dollars.'),
    limits: z
      .strictObject({
        requestCharacters: z
          .number()
          .int()
          .min(100)
          .max(40_000)
          .default(4000)
          .describe('Longest request; longer ones are asked to be shortened.'),
        pollSeconds: z
          .number()
          .min(1)
          .max(3600)
          .default(60)
          .describe('How often an open pull request is looked at.'),
        questions: z.number().int().min(0).max(3).default(3).describe('Most questions the interviewer asks.'),
      })
      .prefault({}),
    onCall: onCall
      .optional()
      .describe('Who is on call: they may stop any rollout, and are mentioned when one halts.'),
    rollouts: z
      .strictObject({
        environment: z
          .string()
          .min(1)
          .default('production')
          .describe('The environment of users: what /halt switches off when none is said.'),
        usual: rolloutSettings
          .optional()
          .describe('For flags whose repository has no `rollout:` in its .slipway.yml.'),
      })
      .prefault({})
      .describe('How features go to users.'),
    tracker: z
      .strictObject({
        project: z.string().regex(/^[A-Z][A-Z0-9_]+$/, 'must be the key of a project, such as SHOP'),
        issueType: z.string().min(1).default('Bug'),
      })
      .optional()
      .describe('Where an issue is opened when a rollout halts.'),
    web: z
      .strictObject({
        url: z.url({ protocol: /^https?$/, error: 'must be an http or https address' }).optional(),
      })
      .prefault({})
      .describe('The public address of the run pages and webhooks.'),
  })
  .check((context) => {
    const used = new Set(Object.values(context.value.channels).flat());
    for (const name of Object.keys(context.value.repositories))
      if (!used.has(name))
        context.issues.push({
          code: 'custom',
          path: ['repositories', name],
          input: name,
          message: `has settings but no channel; channels name ${[...used].join(', ')}`,
        });
  })
  .describe('One deployment of Slipway.');
export type Deployment = z.infer<typeof deployment>;

/** The repositories whose changes go to another branch than the default one. */
export function baseBranches({
  repositories,
}: Pick<Deployment, 'repositories'>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(repositories).flatMap(([name, { baseBranch }]) =>
      baseBranch === undefined ? [] : [[name, baseBranch]],
    ),
  );
}

import { z } from 'zod';

/** The `rollout:` part of a `.slipway.yml`: how a merged feature goes to users. */

const minutes = z.number().nonnegative();
const fraction = z.number().positive();
const percent = z
  .number()
  .int('must be a whole percent, because flags hash users into 100 buckets')
  .min(1)
  .max(100);

/** What each stage must rule out before the next, as a rise over the control: 1 is a doubling. Other percentages take those of the next lower one. */
export const usualTolerances: Readonly<Record<number, number>> = { 1: 1, 5: 0.5, 25: 0.2, 50: 0.1, 99: 0.05 };

export const stageSettings = z.strictObject({
  percent: percent.describe('Share of users who get the feature.'),
  minSoakMinutes: minutes.optional().describe('Shortest stay, whatever the evidence says. Default 10.'),
  maxSoakMinutes: minutes.optional().describe('After this without proof a person is asked. Default 1440.'),
  tolerance: fraction
    .optional()
    .describe('The rise over the control that must be ruled out before the next stage: 0.2 is 20 %.'),
  jump: z.string().min(1).optional().describe('Why this stage may be more than four times the one before.'),
});

const selector = z
  .string()
  .min(1)
  .describe('A PromQL selector. $flag and $environment are replaced; flag and cohort are added by Slipway.');

export const metricSource = z.discriminatedUnion('type', [
  z
    .strictObject({
      type: z.literal('events'),
      provider: z.enum(['prometheus', 'unleash']).default('prometheus'),
      total: selector,
      bad: selector,
    })
    .describe('Counters of all events and of the bad ones.'),
  z
    .strictObject({
      type: z.literal('latency'),
      provider: z.enum(['prometheus', 'unleash']).default('prometheus'),
      buckets: selector.describe('The _bucket series of a histogram.'),
      boundaries: z
        .array(z.number().positive())
        .min(1)
        .max(3)
        .describe(
          'Existing le boundaries, nearest to the usual p50, p90 and p99; what lies above counts as bad.',
        ),
    })
    .describe('How many requests are slower than each boundary.'),
  z
    .strictObject({
      type: z.literal('gauge'),
      provider: z.literal('prometheus').default('prometheus'),
      value: selector,
    })
    .describe('A value per cohort, such as a queue length; more is worse.'),
]);
export type MetricSource = z.infer<typeof metricSource>;

export const metricSettings = z.strictObject({
  name: z.string().min(1).max(60),
  kind: z
    .enum(['guardrail', 'tripwire', 'signal', 'success'])
    .default('guardrail')
    .describe(
      'guardrail: compared with the control, can halt. tripwire: an absolute limit, can halt. signal: holds. success: reported.',
    ),
  source: metricSource,
  onHarm: z
    .enum(['off', 'step-back', 'hold'])
    .default('off')
    .describe('What proved harm does: flag off, back to the stage before, or stay and ask.'),
  limit: fraction.optional().describe('Of a tripwire: the share of bad events that must not be passed.'),
  weight: z.number().positive().default(1).describe('Weight in the average of the evidence.'),
  compareWith: z
    .enum(['cohort', 'history'])
    .default('cohort')
    .describe(
      'cohort: users without the feature at the same time. history: the same hour of past weeks, with a detection floor.',
    ),
});
export type MetricSettings = z.infer<typeof metricSettings>;

export const freezeWindow = z.strictObject({
  rule: z
    .string()
    .min(1)
    .describe('When it begins: an iCalendar recurrence rule, with DTSTART when it needs one.'),
  minutes: minutes.describe('How long it lasts.'),
  why: z.string().min(1),
});
export type FreezeWindow = z.infer<typeof freezeWindow>;

const stage = z.union([percent.transform((value) => ({ percent: value })), stageSettings]);

export const rolloutSettings = z
  .strictObject({
    project: z.string().min(1).default('default').describe('Project of the flag service.'),
    environments: z
      .array(z.string().min(1))
      .min(1)
      .default(['production'])
      .describe('One after the other; each goes through every stage.'),
    stages: z
      .array(stage)
      .min(1)
      .default([1, 5, 25, 50, 99].map((value) => ({ percent: value }))),
    stickiness: z
      .string()
      .min(1)
      .default('userId')
      .refine((value) => value !== 'random', 'must not be random: users would flip between both versions'),
    metrics: z.array(metricSettings).min(1),
    dependsOn: z
      .array(z.string().min(1))
      .default([])
      .describe('Flags that must have been rolled out before.'),
    freeze: z
      .array(freezeWindow)
      .default([])
      .describe('Nothing advances in these times; stopping always works.'),
    alpha: z
      .number()
      .positive()
      .max(0.05)
      .default(0.01)
      .describe('Chance of a false halt, for the whole rollout.'),
    beta: z
      .number()
      .positive()
      .max(0.2)
      .default(0.05)
      .describe('Chance of an advance while the harm is at the tolerance.'),
    rho0: z.number().min(1).max(2).default(1.05).describe('Rate ratio up to which a difference is no harm.'),
    tickSeconds: z.number().min(1).max(300).default(30),
    warmUpSeconds: z
      .number()
      .min(0)
      .max(600)
      .default(60)
      .describe('Ignored after each change, while clients follow.'),
    lagSeconds: z
      .number()
      .min(0)
      .max(300)
      .default(30)
      .describe('Counts are read this long ago: twice the scrape interval.'),
    minSoakMinutes: minutes.default(10),
    maxSoakMinutes: minutes.default(1440),
  })
  .check((context) => {
    const { stages, metrics } = context.value;
    for (const [index, { percent: now }] of stages.entries()) {
      const before = stages[index - 1]?.percent ?? 0;
      if (now <= before)
        context.issues.push({
          code: 'custom',
          path: ['stages', index],
          input: now,
          message: `must be more than the stage before, ${before} %`,
        });
    }
    const names = metrics.map(({ name }) => name);
    for (const [index, { name, kind, limit }] of metrics.entries()) {
      if (names.indexOf(name) !== index)
        context.issues.push({
          code: 'custom',
          path: ['metrics', index, 'name'],
          input: name,
          message: 'is used twice',
        });
      if ((kind === 'tripwire') !== (limit !== undefined))
        context.issues.push({
          code: 'custom',
          path: ['metrics', index, 'limit'],
          input: limit,
          message: kind === 'tripwire' ? 'is needed for a tripwire' : 'belongs to a tripwire only',
        });
    }
    if (!metrics.some(({ kind }) => kind === 'guardrail'))
      context.issues.push({
        code: 'custom',
        path: ['metrics'],
        input: names,
        message: 'needs a guardrail: without one nothing can be proved safe',
      });
  })
  .describe('How a merged feature goes to users: stages, metrics, limits.');
export type RolloutSettings = z.infer<typeof rolloutSettings>;

import { z } from 'zod';

/** What Unleash answers, as far as we read it (seen on 8.2.0). */

export const anything = z.unknown();

export const problemBody = z.object({
  name: z.string().optional(),
  message: z.string().optional(),
  details: z.array(z.object({ message: z.string().optional() })).optional(),
});

export const strategyBody = z.object({
  id: z.string(),
  name: z.string(),
  disabled: z.boolean().nullish(),
  parameters: z.record(z.string(), z.string()).default({}),
  constraints: z.array(z.unknown()).default([]),
  segments: z.array(z.unknown()).default([]),
});
export type StrategyBody = z.infer<typeof strategyBody>;

export const featureBody = z.object({
  name: z.string(),
  archived: z.boolean().nullish(),
  environments: z.array(
    z.object({ name: z.string(), enabled: z.boolean(), strategies: z.array(strategyBody).default([]) }),
  ),
});
export type FeatureBody = z.infer<typeof featureBody>;

export const userBody = z.object({
  user: z.object({
    id: z.number().optional(),
    username: z.string().nullish(),
    email: z.string().nullish(),
    /** Of an admin API token, which is nobody's. */
    internalAdminTokenUserId: z.number().optional(),
  }),
});

const change = z
  .object({
    name: z.string().optional(),
    disabled: z.boolean().nullish(),
    parameters: z.record(z.string(), z.unknown()).optional(),
    constraints: z.array(z.unknown()).optional(),
    segments: z.array(z.unknown()).optional(),
    variants: z.array(z.unknown()).optional(),
  })
  .nullish()
  .catch(undefined);
export const eventsBody = z.object({
  events: z.array(
    z.object({
      id: z.number(),
      type: z.string(),
      createdBy: z.string(),
      createdByUserId: z.number().nullish(),
      createdAt: z.string(),
      environment: z.string().nullish(),
      label: z.string().nullish(),
      data: change,
      preData: change,
    }),
  ),
});
export type EventBody = z.infer<typeof eventsBody>['events'][number];

/** What an SDK reads. The revision grows with each change that clients are told of. */
export const clientBody = z.object({
  meta: z.object({ revisionId: z.number().optional() }).optional(),
  features: z.array(
    z.object({
      name: z.string(),
      enabled: z.boolean(),
      project: z.string().default('default'),
      strategies: z
        .array(
          z.object({
            name: z.string(),
            parameters: z.record(z.string(), z.string()).default({}),
            constraints: z.array(z.unknown()).default([]),
            segments: z.array(z.unknown()).default([]),
          }),
        )
        .default([]),
    }),
  ),
});
export type ClientFeature = z.infer<typeof clientBody>['features'][number];

import { createPrometheus } from '../adapters/prometheus.ts';
import { createUnleash } from '../adapters/unleash.ts';
import type { Config } from '../config/load.ts';
import type { feature } from '../domain/feature/feature.ts';
import type { rollout } from '../domain/rollout/rollout.ts';
import { isOver, type RolloutState } from '../domain/rollout/state.ts';
import type { Engine } from '../engine/engine.ts';
import { GiveUp } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Flags, Fleet, Metrics, Tracker } from '../ports.ts';
import type { People } from '../slack/people.ts';

export type Processes = { readonly feature: typeof feature; readonly rollout: typeof rollout };

/** The services that rollouts need, as far as they are configured. */
export type Services = {
  readonly flags: Flags;
  readonly metrics: Metrics;
  readonly tracker: Tracker | undefined;
  close(): Promise<void>;
};

/** Undefined when no flag service is configured: then nothing is ramped. */
export async function rolloutServices(
  config: Config,
  { now, log }: { readonly now: () => Date; readonly log: Log },
): Promise<Services | undefined> {
  if (!config.rollouts) return undefined;
  const { unleash, prometheus } = config.rollouts;
  const flags = createUnleash({ ...unleash, log });
  return {
    flags,
    metrics: createPrometheus({ ...prometheus, unleashUrl: unleash.url, now }),
    tracker: await trackerOf(config),
    close: flags.close,
  };
}

/** The library of Jira is large, and most deployments have none. */
async function trackerOf({ jira, deployment }: Config): Promise<Tracker | undefined> {
  if (!jira || !deployment.tracker) return undefined;
  const { createJira } = await import('../adapters/jira.ts');
  return createJira({ ...jira, ...deployment.tracker });
}

/** The processes of the engine, as jobs see them. */
export function createFleet(options: {
  readonly engine: () => Pick<Engine<Pick<Processes, 'rollout'>>, 'send' | 'read' | 'versions' | 'readAll'>;
  readonly people: Pick<People, 'actor'>;
}): Fleet {
  const { engine, people } = options;
  let seen: ReadonlyMap<string, Seen> = new Map();
  /** Of thousands of rollouts most are as they were when they were last read. */
  const look = async () => {
    const versions = await engine().versions('rollout');
    const changed = [...versions.keys()].filter((id) => seen.get(id)?.version !== versions.get(id));
    const known = new Map([...seen].filter(([id]) => versions.has(id)));
    for (let first = 0; first < changed.length; first += pageSize)
      for (const saved of await engine().readAll('rollout', changed.slice(first, first + pageSize)))
        known.set(saved.id, isOver(saved.state.phase) ? { version: saved.version } : saved);
    seen = known;
    return [...known.values()].flatMap(({ state }) => state ?? []);
  };
  let kept: { readonly until: number; readonly open: Promise<readonly RolloutState[]> } = {
    until: 0,
    open: Promise.resolve([]),
  };
  return {
    async start(command) {
      const owner = await people.actor(command.owner.id);
      if ('refuse' in owner) throw new GiveUp(owner.refuse);
      // A start that was cut short after it was sent is sent again.
      if (await engine().read('rollout', command.id)) return;
      const sent = await engine().send({ kind: 'rollout', id: command.id, command, by: owner });
      if ('refused' in sent) throw new GiveUp(sent.refused);
    },
    open() {
      if (kept.until < Date.now()) kept = { until: Date.now() + keepMs, open: look() };
      return kept.open;
    },
  };
}

/** Of one that is over only the version is kept. */
type Seen = { readonly version: number; readonly state?: RolloutState };

/** Of two rollouts that begin within this time the later one stops at its next tick. */
const keepMs = 5000;
const pageSize = 500;

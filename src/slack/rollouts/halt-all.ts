import { environmentNow, isOver, type RolloutState } from '../../domain/rollout/state.ts';
import { type Desk, type PersonActor, type Spot, tellPrivately } from '../desk.ts';
import { code, lines, safe } from '../views/text.ts';
import { mayStop } from './flag-off.ts';
import { haltNow } from './halt.ts';

/** How many flags are switched off at the same time. */
const abreast = 8;

/**
 * Halts every rollout that is not over, or those in one environment. It asks nothing back: a halt is urgent and can be
 * undone. Flags that others ramp are left alone, and named.
 */
export async function haltAll(
  desk: Desk,
  request: {
    readonly environment?: string;
    readonly reason?: string;
    readonly by: PersonActor;
    readonly spot: Spot;
  },
): Promise<void> {
  const { environment, reason, by, spot } = request;
  const all = (await desk.engine.list({ kind: 'rollout', limit: 20_000 })).map(({ state }) => state);
  const open = all.filter(({ phase }) => !isOver(phase));
  // Who may stop none but their own reads nothing of the others either.
  const meant = open.filter(
    (state) =>
      state.phase.kind !== 'halted' &&
      (environment === undefined || environmentNow(state) === environment) &&
      (mayStop(by) || state.owner?.id === by.id),
  );
  const command = { type: 'halt', ...(reason !== undefined && { reason }) } as const;
  const results: { readonly state: RolloutState; readonly because?: string }[] = [];
  const waiting = meant.values();
  const work = async () => {
    for (const state of waiting) {
      const halted = await haltNow(desk, { id: state.id, command, by });
      const because = 'because' in halted ? { because: halted.because } : {};
      results.push({ state: 'state' in halted ? halted.state : state, ...because });
    }
  };
  await Promise.all(Array.from({ length: abreast }, work));

  const off = results.filter(({ because }) => because === undefined);
  const not = results.filter(({ because }) => because !== undefined);
  const where = environment === undefined ? '' : ` in ${safe(environment, 60)}`;
  const ours = results.filter(({ state }) => state.off !== undefined).map(({ state }) => state.flag);
  const others = mayStop(by) ? await rampedByOthers(desk, environment ?? desk.environment, ours) : [];
  await tellPrivately(
    desk,
    spot,
    [
      off.length === 0
        ? `Nothing was halted${where}.`
        : `*Halted${where}:* ${off.length} of ${results.length}`,
      lines(off, { max: 1_000, draw: ({ state }) => `• ${code(state.flag)}` }),
      ...(not.length === 0
        ? []
        : [
            '*Not off:*',
            lines(not, {
              max: 1_400,
              draw: ({ state, because }, room) => `• ${code(state.flag)}: ${safe(because ?? '', room - 60)}`,
            }),
          ]),
      ...(others.length === 0
        ? []
        : [
            `*Ramped by others${environment === undefined ? ` in ${safe(desk.environment, 60)}` : where}, left alone:* switch each off with \`/halt <flag>\``,
            lines(others, { max: 600, draw: (flag) => `• ${code(flag)}` }),
          ]),
    ]
      .filter(Boolean)
      .join('\n'),
  );
}

async function rampedByOthers(
  { flags }: Desk,
  environment: string,
  ours: readonly string[],
): Promise<readonly string[]> {
  const ramping = (await flags?.ramping(environment).catch(() => [])) ?? [];
  return ramping.map(({ flag }) => flag).filter((flag) => !ours.includes(flag));
}

import type { RolloutState } from '../../domain/rollout/state.ts';
import type { TimelineEvent } from '../../web/timeline.ts';

/** A rollout as its run page tells it. */
export type RolloutRecord = { readonly state: RolloutState; readonly timeline: readonly TimelineEvent[] };

/** Reads the record of a rollout from the bot's own run page; undefined when there is none yet. */
export async function rolloutRecord(botUrl: string, id: string): Promise<RolloutRecord | undefined> {
  const response = await fetch(`${botUrl}/rollouts/${id}.json`);
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`The run page of ${id} answered ${response.status}.`);
  return (await response.json()) as RolloutRecord;
}

/** What came of the ramp, for people and for checks. */
export function summarizeRollout(
  { state, timeline }: RolloutRecord,
  story: { readonly deviationAt: string; readonly chart: string },
) {
  const halted = timeline.find(({ event }) => event.type === 'halted');
  const { off } = state;
  return {
    id: state.id,
    flag: state.flag,
    phase: state.phase.kind,
    stages: state.stages.map(({ environment, percent, from, to, left }) => ({
      environment,
      percent,
      from,
      to,
      left,
    })),
    haltedAt: halted?.at,
    haltedBecause: halted?.event.because,
    /** Each verdict once, as it changed. */
    verdicts: timeline
      .flatMap(({ event, at }) =>
        event.type === 'ticked' ? [{ at, verdict: event.verdict, because: event.because }] : [],
      )
      .filter(({ verdict }, index, all) => verdict !== all[index - 1]?.verdict),
    secondsFromDeviationToHalt: seconds(story.deviationAt, halted?.at),
    secondsFromHaltToClientsOff: seconds(halted?.at, off?.clientsOffAt),
    chart: story.chart,
  };
}
export type RolloutSummary = ReturnType<typeof summarizeRollout>;

/** Says what is wrong with the end of the ramp, or nothing. */
export function problemsOfRollout(rollout: RolloutSummary): readonly string[] {
  const climbed = rollout.stages.map(({ percent }) => percent);
  const advanced = rollout.stages.filter(({ left }) => left === 'advanced').length;
  const verdicts = rollout.verdicts.map(({ verdict }) => verdict);
  const { secondsFromDeviationToHalt: toHalt, secondsFromHaltToClientsOff: toOff } = rollout;
  return [
    ...(rollout.phase === 'rolled-back' ? [] : [`The rollout ended as ${rollout.phase}, not rolled back.`]),
    ...(climbed.join() === '1,5,25' ? [] : [`The stages were ${climbed.join(', ')}, not 1, 5, 25.`]),
    ...(advanced === 2 ? [] : [`${advanced} stages were left on proof, not 2.`]),
    ...(verdicts.at(-1) === 'harm' ? [] : [`The last verdict was ${verdicts.at(-1)}, not harm.`]),
    ...(toHalt !== undefined && toHalt > 0 ? [] : ['It did not halt after the deviation.']),
    ...(toOff !== undefined ? [] : ['It was not measured when clients obeyed.']),
  ];
}

function seconds(from: string | undefined, to: string | undefined): number | undefined {
  if (from === undefined || to === undefined) return undefined;
  return Math.round((Date.parse(to) - Date.parse(from)) / 100) / 10;
}

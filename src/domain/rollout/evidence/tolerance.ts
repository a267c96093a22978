import { usualTolerances } from '../settings.ts';

const listed = Object.entries(usualTolerances)
  .map(([percent, tolerance]) => ({ percent: Number(percent), tolerance }))
  .sort((a, b) => a.percent - b.percent);

/** The rise a stage must rule out when nobody chose one: that of the next lower listed percentage. */
export function toleranceFor(percent: number): number {
  const found = listed.findLast((each) => each.percent <= percent) ?? listed[0];
  return found?.tolerance ?? 1;
}

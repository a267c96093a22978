import rrule from 'rrule';
import type { FreezeWindow } from './settings.ts';

/** Where a rule without DTSTART begins to be counted: a Monday. Left alone, the library would take its own clock. */
const beginning = '20240101T000000';

const minute = 60_000;

/** A rule in its own wall-clock time, which `rrule` holds in the UTC fields of its dates. */
type Rule = { readonly zone: string; before(wall: Date): Date | null };

/**
 * Until when nothing may advance, and why; windows that touch count as one. Rules are in UTC unless their DTSTART
 * has a TZID: the library itself would turn zones into the machine's own, so only wall-clock times are given to it.
 */
export function frozenUntil(
  windows: readonly FreezeWindow[],
  now: Date,
): { readonly until: string; readonly why: string } | undefined {
  const rules = windows.map((window) => ({ window, rule: read(window.rule) }));
  let until = now.getTime();
  let why: string | undefined;
  for (let round = 0; round <= windows.length; round += 1) {
    const open = rules
      .map(({ window, rule }) => ({ window, end: endAfter(rule, window.minutes, until) }))
      .filter((each) => each.end !== undefined && each.end > until);
    const first = open[0];
    if (first?.end === undefined) break;
    until = first.end;
    why ??= first.window.why;
  }
  return why === undefined ? undefined : { until: new Date(until).toISOString(), why };
}

/** What is wrong with a rule; undefined when it can be used. */
export function problemOfRule(text: string): string | undefined {
  try {
    const rule = read(text);
    wallClock(Date.UTC(2024, 0, 1), rule.zone);
    rule.before(new Date(Date.UTC(2024, 0, 2)));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** When the newest window that began at or before `now` ends; undefined when none has begun. */
function endAfter(rule: Rule, minutes: number, now: number): number | undefined {
  const start = rule.before(new Date(wallClock(now, rule.zone)));
  return start === null ? undefined : toUtc(start.getTime(), rule.zone) + minutes * minute;
}

function read(text: string): Rule {
  const zone = text.match(/DTSTART;TZID=([^:;=\s]+)/i)?.[1] ?? 'UTC';
  const plain = text.trim().replaceAll(/;TZID=[^:;=\s]+/gi, '');
  if (!/FREQ=(YEARLY|MONTHLY|WEEKLY|DAILY)\b/i.test(plain))
    throw new Error('FREQ must be YEARLY, MONTHLY, WEEKLY or DAILY');
  const rule = rrule.rrulestr(/DTSTART/i.test(plain) ? plain : withBeginning(plain));
  return { zone, before: (wall) => rule.before(wall, true) };
}

function withBeginning(text: string): string {
  const lines = /^RRULE:/im.test(text) ? text : `RRULE:${text}`;
  return `DTSTART:${beginning}\n${lines}`;
}

/** The wall clock of a zone, in the UTC fields of a time. */
function wallClock(now: number, zone: string): number {
  if (zone === 'UTC') return now;
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(now);
  const of = (type: Intl.DateTimeFormatPartTypes) =>
    Number(parts.find((part) => part.type === type)?.value ?? 0);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
}

/** The second look is for times near a change of the clocks, when the first guess has the wrong offset. */
function toUtc(wall: number, zone: string): number {
  const guess = wall - (wallClock(wall, zone) - wall);
  return wall - (wallClock(guess, zone) - guess);
}

/** People who take turns, one after the other. */
export type OnCallSchedule = {
  /** Slack user ids in the order of their turns. */
  readonly people: readonly string[];
  /** When the first turn of the first began (ISO 8601). */
  readonly from: string;
  /** How long a turn lasts. */
  readonly hours: number;
};

/** Whose turn it is. Before the first turn the order is followed backwards, so that somebody always is on call. */
export function onCallNow({ people, from, hours }: OnCallSchedule, now: Date): readonly string[] {
  const turn = Math.floor((now.getTime() - Date.parse(from)) / (hours * 3_600_000));
  const index = ((turn % people.length) + people.length) % people.length;
  const person = people[index];
  return person === undefined ? [] : [person];
}

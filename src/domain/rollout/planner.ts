/** What can be said before the start about one stage at the present traffic. */
export type StageForecast = {
  readonly percent: number;
  readonly tolerance: number;
  /** Expected minutes until a harmless change is proved safe, minimum soak included; null when not within the longest soak. */
  readonly minutesToSafe: number | null;
  /** Expected bad events of the exposed until then. */
  readonly expectedEvents: number | null;
  /** "at 1 % this needs 55 min", "a rise of 20 % cannot be ruled out within 12 h". */
  readonly because: string;
};

export type Forecast = {
  /** Events a minute and their share of bad ones, as measured before the start; undefined without data. */
  readonly traffic: Readonly<
    Record<string, { readonly perMinute: number; readonly badShare: number } | undefined>
  >;
  readonly stages: readonly StageForecast[];
};

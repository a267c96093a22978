import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { runPrometheus } from './real.ts';
import { standInForPrometheus } from './stand-in.ts';

export type Prometheus = {
  readonly url: string;
  /** Ends it and starts it again with what it had stored. */
  restart(): Promise<void>;
  /** Ends it without a word; `restart` brings it back. */
  crash(): Promise<void>;
  stop(): Promise<void>;
};

export type PrometheusOptions = {
  /** Addresses of the processes to scrape, such as `http://127.0.0.1:3000`; each has `/metrics`. */
  readonly targets: readonly string[];
  /** The label `job` of all of them. */
  readonly job?: string;
  readonly scrapeMs: number;
  /** For what it stores. */
  readonly directory: string;
  readonly log?: (line: string) => void;
};

/** The real Prometheus where it is installed, else one that scrapes and answers the same for what Slipway asks. */
export function startPrometheus(options: PrometheusOptions): Promise<Prometheus> {
  return hasPrometheus() ? runPrometheus(options) : standInForPrometheus(options);
}

export function hasPrometheus(): boolean {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .some((directory) => directory !== '' && existsSync(join(directory, 'prometheus')));
}

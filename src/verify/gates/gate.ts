import type { Finding } from '../../domain/proof.ts';
import type { Workflow } from '../../domain/workflow.ts';
import type { Change } from '../changes.ts';
import type { Coverage } from '../coverage.ts';

/** What of a `.slipway.yml` a verdict rests on: whom to ask about the file changes nothing in it. */
export type Rules = Omit<Workflow, 'owner'>;

/** What every gate may look at. */
export type ChangeFacts = {
  readonly baseDirectory: string;
  readonly headDirectory: string;
  readonly changes: readonly Change[];
  readonly workflow: Rules;
  /** Of the head's checks; `declared` but not written means it could not be measured. */
  readonly coverage: {
    readonly declared: boolean;
    readonly base: boolean;
    readonly head: Coverage | undefined;
    /** Runners write no coverage when tests fail. */
    readonly checksHold: boolean;
  };
};

export type Gate = {
  readonly name: string;
  look(facts: ChangeFacts): Promise<readonly Omit<Finding, 'gate'>[]>;
};

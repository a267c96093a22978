import { toleranceFor } from '../../domain/rollout/evidence/evidence.ts';
import { GiveUp } from '../../errors.ts';

/** The options that several of the commands share. */
export const evidenceOptions = {
  alpha: { type: 'string', default: '0.01' },
  beta: { type: 'string', default: '0.05' },
  rho0: { type: 'string', default: '1.05' },
  phi: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

export const trafficOptions = {
  rate: { type: 'string', default: '100' },
  'base-error': { type: 'string', default: '0.005' },
  tolerance: { type: 'string' },
} as const;

export type EvidenceValues = Readonly<Record<'alpha' | 'beta' | 'rho0' | 'phi', string>>;

export function readEvidence(values: EvidenceValues) {
  return {
    alpha: numberOf('--alpha', values.alpha, { above: 0, below: 1 }),
    beta: numberOf('--beta', values.beta, { above: 0, below: 1 }),
    rho0: numberOf('--rho0', values.rho0, { least: 0.1, most: 10 }),
    phi: numberOf('--phi', values.phi, { least: 1, most: 1000 }),
  };
}

export type Limits = {
  readonly least?: number;
  readonly most?: number;
  readonly above?: number;
  readonly below?: number;
  readonly whole?: boolean;
};

/** A number of the command line, or a sentence with the option and the value. */
export function numberOf(option: string, text: string, limits: Limits): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  const { least = -Infinity, most = Infinity, above = -Infinity, below = Infinity, whole = false } = limits;
  const fits = value >= least && value <= most && value > above && value < below;
  if (!fits || (whole && !Number.isInteger(value)))
    throw new GiveUp(`${option} is ${JSON.stringify(text)}; give ${rangeOf(limits)}.`);
  return value;
}

function rangeOf({ least, most, above, below, whole }: Limits): string {
  const kind = whole ? 'a whole number' : 'a number';
  const parts = [
    ...(least === undefined ? [] : [`from ${least}`]),
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(most === undefined ? [] : [`up to ${most}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
  ];
  return [kind, ...parts].join(' ');
}

/** Percentages that rise, each with its tolerance: the usual one where none is given. */
export function readStages(
  percents: string,
  tolerances: string | undefined,
): readonly { readonly percent: number; readonly tolerance: number }[] {
  const stages = percents.split(',').map((text) => numberOf('--stages', text, { above: 0, most: 100 }));
  const falling = stages.findIndex((percent, index) => percent <= (stages[index - 1] ?? 0));
  if (falling !== -1)
    throw new GiveUp(
      `--stages is ${JSON.stringify(percents)}; each stage must be more than the one before, and ${stages[falling]} is not.`,
    );
  const given = tolerances?.split(',').map((text) => numberOf('--tolerance', text, { above: 0, most: 100 }));
  if (given !== undefined && given.length !== 1 && given.length !== stages.length)
    throw new GiveUp(
      `--tolerance has ${given.length} values for ${stages.length} stages; give one for all or one for each.`,
    );
  return stages.map((percent, index) => ({
    percent,
    tolerance: (given?.length === 1 ? given[0] : given?.[index]) ?? toleranceFor(percent),
  }));
}

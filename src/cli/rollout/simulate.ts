import { parseArgs } from 'node:util';
import type { Io } from '../io.ts';
import { evidenceOptions, numberOf, readEvidence, readStages, trafficOptions } from './options.ts';
import { type Simulation, type SimulationResult, simulate } from './simulation.ts';

export const simulateUsage = `slipway rollout simulate [--rate 100] [--base-error 0.005] [--harm 2] [--from 0] [--hours 24] [--runs 2000] [--seed 1] [--json]

Runs many rollouts whose truth is known through the evidence that the bot uses. The same seed gives the same answer.
  --rate N          requests a second, mean of a day that swings by half and begins in its quietest minute
  --base-error P    median share of bad requests without the change; it wanders, for both cohorts alike
  --harm R          what the change multiplies it by; 1 is a harmless change
  --from M          the minute in which the harm begins
  --hours H         how long each rollout is watched
  --runs N --seed N how many rollouts, and which
  --stages LIST     percentages, each for an equal part of the time (default 1,5,25,50)
  --tolerance LIST  the rise each stage must rule out (default by percentage: 1 0.5 0.2 0.1 0.05)
  --advance-on-proof  a stage lasts until it is proved safe (and ten minutes) instead
  --no-restarts     without the restarts that find late harm sooner
  --alpha --beta --rho0 --phi  as in the settings (default 0.01 0.05 1.05 1)

The answer:
  falseHalts     share of runs halted before the harm began, or at all when the harm is no more than rho0
  halted         share of runs halted
  wrongAdvances  of the stages that ran undecided while the truth was at their tolerance or worse, the share that was
                 then declared safe (with --advance-on-proof: left)
  delayMinutes   minutes from the first one with harm to the one whose tick halted; runs without a halt count as
                 later than all others, and null says that the quantile lies among them
  minutesToSafe  median minutes from the first one of a stage to the one that proved it safe, counted likewise
Exit status: 0 answered, 2 it could not be run.`;

export function simulateCommand(args: readonly string[], io: Io): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...evidenceOptions,
      ...trafficOptions,
      harm: { type: 'string', default: '2' },
      from: { type: 'string', default: '0' },
      hours: { type: 'string', default: '24' },
      runs: { type: 'string', default: '2000' },
      seed: { type: 'string', default: '1' },
      stages: { type: 'string', default: '1,5,25,50' },
      'advance-on-proof': { type: 'boolean', default: false },
      'no-restarts': { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    io.out(simulateUsage);
    return 0;
  }
  const { alpha, beta, rho0, phi } = readEvidence(values);
  const stages = readStages(values.stages, values.tolerance);
  const hours = numberOf('--hours', values.hours, { above: 0, most: 10_000 });
  const simulation: Simulation = {
    traffic: {
      rate: numberOf('--rate', values.rate, { above: 0, most: 1e7 }),
      baseError: numberOf('--base-error', values['base-error'], { above: 0, below: 1 }),
      swing: 0.5,
    },
    harm: numberOf('--harm', values.harm, { above: 0, most: 1000 }),
    from: numberOf('--from', values.from, { least: 0, whole: true }),
    hours,
    runs: numberOf('--runs', values.runs, { least: 1, most: 1_000_000, whole: true }),
    seed: numberOf('--seed', values.seed, { least: -(2 ** 31), most: 2 ** 31 - 1, whole: true }),
    stages,
    advanceOnProof: values['advance-on-proof'],
    minSoakMinutes: 10,
    bounds: {
      alpha,
      beta,
      rho0,
      restarts: !values['no-restarts'],
      ...restartsOf(hours, stages.length, values['advance-on-proof']),
    },
    phi,
  };
  const result = simulate(simulation);
  io.out(values.json ? JSON.stringify(result, null, 2) : asText(result));
  return 0;
}

/** Moments at which the evidence begins anew: full hours, and starts of a stage that are none. */
function restartsOf(hours: number, stages: number, advanceOnProof: boolean) {
  const minutes = Math.round(hours * 60);
  const starts = Array.from({ length: stages - 1 }, (_, index) =>
    Math.ceil(((index + 1) * minutes) / stages),
  );
  return {
    hours: Math.ceil(minutes / 60) - 1,
    stages: advanceOnProof ? stages - 1 : starts.filter((minute) => minute % 60 !== 0).length,
  };
}

function asText(result: SimulationResult): string {
  const minutes = (value: number | null) => (value === null ? 'not within the time' : `${value} min`);
  const share = (value: number) => `${Number((value * 100).toFixed(2))} %`;
  return [
    `${result.runs} runs`,
    `false halts     ${share(result.falseHalts)}`,
    `halted          ${share(result.halted)}`,
    `wrong advances  ${share(result.wrongAdvances)}`,
    `delay           median ${minutes(result.delayMinutes.p50)}, 90th percentile ${minutes(result.delayMinutes.p90)}`,
    ...Object.entries(result.minutesToSafe).map(
      ([percent, value]) => `safe at ${`${percent} %`.padEnd(8)}median ${minutes(value)}`,
    ),
  ].join('\n');
}

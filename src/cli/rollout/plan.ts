import { parseArgs } from 'node:util';
import { cannotBeProved, type Forecast, forecast } from '../../domain/rollout/planner.ts';
import type { Io } from '../io.ts';
import { evidenceOptions, numberOf, readEvidence, readStages, trafficOptions } from './options.ts';

export const planUsage = `slipway rollout plan [--rate 100] [--base-error 0.005] [--stages 1,5,25,50,99] [--json]

Says for each stage how long it will take to prove a harmless change safe, and what cannot be proved.
  --rate N          requests a second, mean of a day that swings by half; each stage is taken to begin in its quietest minute
  --base-error P    share of bad requests without the change
  --stages LIST     percentages
  --tolerance LIST  the rise each stage must rule out: one for all or one for each (default by percentage: 1 0.5 0.2 0.1 0.05)
  --min-soak M      shortest stay in minutes (default 10)
  --max-soak M      longest stay in minutes (default 1440)
  --alpha --beta --rho0 --phi  as in the settings (default 0.01 0.05 1.05 1); of these only beta and phi change the plan
Exit status: 0 answered, 2 it could not be.`;

export function planCommand(args: readonly string[], io: Io): number {
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...evidenceOptions,
      ...trafficOptions,
      stages: { type: 'string', default: '1,5,25,50,99' },
      'min-soak': { type: 'string', default: '10' },
      'max-soak': { type: 'string', default: '1440' },
    },
  });
  if (values.help) {
    io.out(planUsage);
    return 0;
  }
  const { beta, phi } = readEvidence(values);
  const rate = numberOf('--rate', values.rate, { above: 0, most: 1e7 });
  const baseError = numberOf('--base-error', values['base-error'], { above: 0, below: 1 });
  const minSoakMinutes = numberOf('--min-soak', values['min-soak'], { least: 0, most: 1e5 });
  const maxSoakMinutes = numberOf('--max-soak', values['max-soak'], { above: 0, most: 1e5 });
  const plan = forecast({
    stages: readStages(values.stages, values.tolerance).map((stage) => ({
      ...stage,
      minSoakMinutes,
      maxSoakMinutes,
    })),
    traffic: { requests: { perMinute: rate * 60, badShare: baseError } },
    bounds: { beta },
    phi,
    swing: 0.5,
  });
  if (values.json) {
    const stages = plan.stages.map(({ cannot: _, ...stage }) => stage);
    io.out(JSON.stringify({ rate, baseError, stages, cannotBeProved: cannotBeProved(plan) }, null, 2));
  } else for (const line of asText(plan)) io.out(line);
  return 0;
}

function asText(plan: Forecast): readonly string[] {
  const rows = [
    ['stage', 'rules out', 'safe after', 'bad events'],
    ...plan.stages.map(({ percent, tolerance, minutesToSafe, expectedEvents }) => [
      `${percent} %`,
      `+${Number((tolerance * 100).toPrecision(3))} %`,
      minutesToSafe === null ? '-' : `${Math.round(minutesToSafe)} min`,
      expectedEvents === null ? '-' : String(Math.round(expectedEvents)),
    ]),
  ];
  const table = rows.map((row) => row.map((cell) => cell.padStart(11)).join(''));
  const cannot = cannotBeProved(plan);
  return cannot.length === 0
    ? table
    : [...table, '', 'What cannot be proved:', ...cannot.map((each) => `  ${each}`)];
}

import { holdInWords, share } from '../../../domain/rollout/say.ts';
import { environmentNow, type RolloutState } from '../../../domain/rollout/state.ts';
import { rolloutWaitsFor } from '../../../domain/rollout/waiting.ts';
import { mention, named, safe } from '../text.ts';

/** What the rollout is called: the feature's title, else the flag. As it is, not escaped. */
export function rolloutTitleOf(state: RolloutState): string {
  return state.title ?? state.flag;
}

/** Where users have the feature: "in production". */
export function inEnvironment(state: RolloutState): string {
  const environment = environmentNow(state);
  return environment === undefined ? '' : ` in ${safe(environment, 60)}`;
}

/** Where the rollout stands, in a few words without a full stop. */
export function rolloutPhaseInWords(state: RolloutState): string {
  const { phase } = state;
  const at = `${state.wanted.percent} %${inEnvironment(state)}`;
  switch (phase.kind) {
    case 'new':
      return 'New';
    case 'planned':
      if (!phase.waitsFor) return 'Planned';
      return phase.checkAt === undefined ? 'Waiting for its owner to begin' : 'Waiting to begin';
    case 'rehearsing':
      return `Rehearsing the way back${inEnvironment(state)}`;
    case 'ramping':
      return `Ramping: ${at}`;
    case 'holding':
      return `Holding at ${at}: ${holdInWords(phase.reason)}`;
    case 'halted':
      return state.off?.doneAt === undefined && state.off !== undefined
        ? `Halted${inEnvironment(state)}; the flag is being switched off`
        : `Halted${inEnvironment(state)}`;
    case 'rolled-back':
      return 'Rolled back';
    case 'finished':
      return 'Finished: everybody has it';
  }
}

/** ● at work, ◐ waits for a person, ✔ came to its end, ✖ stopped. */
export function rolloutSymbol(state: RolloutState): string {
  const { phase } = state;
  if (phase.kind === 'finished') return '✔';
  if (phase.kind === 'halted' || phase.kind === 'rolled-back') return '✖';
  return rolloutWaitsFor(state) === undefined ? '●' : '◐';
}

/** "▣ 1 % ▸ ◉ 5 % ▸ ○ 25 % …": done, at it, open; the last is everybody. */
export function ladderOf(state: RolloutState): string {
  const { plan, phase } = state;
  if (!plan) return '';
  const finished = phase.kind === 'finished';
  const steps = [...plan.stages.map(({ percent }) => percent), 100];
  const sign = (index: number) => {
    if (finished || index < state.stage) return '▣';
    if (index !== state.stage) return '○';
    return phase.kind === 'halted' || phase.kind === 'rolled-back' ? '✖' : '◉';
  };
  return steps.map((percent, index) => `${sign(index)} ${percent} %`).join(' ▸ ');
}

/** "▣ staging ▸ ◉ production"; nothing when there is only one. */
export function environmentsOf(state: RolloutState): string {
  const environments = state.plan?.environments ?? [];
  if (environments.length < 2) return '';
  const finished = state.phase.kind === 'finished';
  return environments
    .slice(0, 6)
    .map((name, index) => {
      const sign = finished || index < state.environment ? '▣' : index === state.environment ? '◉' : '○';
      return `${sign} ${safe(name, 60)}`;
    })
    .join(' ▸ ');
}

/** The owner as a mention. */
export function ownerOf(state: RolloutState): string {
  return state.owner ? mention(state.owner) : 'the owner';
}

type WaitsFor = NonNullable<Extract<RolloutState['phase'], { kind: 'planned' }>['waitsFor']>['reason'];

/** What the owner does when a rollout waits for them before its start; on the card and under the plan alike. */
export function beginInWords(reason: WaitsFor): string {
  switch (reason) {
    case 'unprovable':
      return 'Begin all the same';
    case 'person':
      return 'Begin';
    default:
      return 'Try again';
  }
}

export function waitingInWords(state: RolloutState, reason: WaitsFor): string {
  return `Waiting for ${ownerOf(state)} to ${beginInWords(reason).toLowerCase()}, or to roll it back.`;
}

/** A rise over the control: "a rise of 50 %", "a doubling". */
export function riseInWords(rise: number): string {
  return rise === 1 ? 'a doubling' : `a rise of ${share(rise)}`;
}

/** A rollout in one line for lists: what it is, where it stands, who is waited for. */
export function rolloutLineOf(state: RolloutState): string {
  const whom = rolloutWaitsFor(state);
  const who = whom === 'confirmer' ? 'another person to confirm' : named(state.owner);
  const need = whom === undefined ? '' : ` · waits for ${who}`;
  return `*${safe(rolloutTitleOf(state), 120)}* · ${rolloutSymbol(state)} ${rolloutPhaseInWords(state)}${need}`;
}

import { isOver } from '../src/domain/rollout/state.ts';
import type { Input, Reply, RolloutWish, SlashCommand } from './command.ts';
import { asCode, firstWord, lineOf, reasonOf, sameFlag, whichRollout } from './naming.ts';

const help = [
  '*Rollouts* take a flag to users stage by stage, and halt by themselves when a metric proves harm.',
  '• `/rollout start <flag> [in staging,production] [stages 1,5,25]` starts one, `/rollout plan <flag>` says how long each stage needs.',
  '• `/rollout status <flag>` and `/rollout why <flag>` show where it stands, and the evidence.',
  '• `/rollout hold <flag> [reason]`, `resume`, `back`, `advance`: stay, go on, a stage back, a stage on. With a reason, `advance` asks another person to confirm what is not proved.',
  '• `/halt <flag> [reason]` switches it off at once, `/rollout rollback <flag> [reason]` for good. `/halt all [environment]` halts everything.',
  '• In the thread of a rollout, mention me with the same words without the flag: `hold because of the sale`.',
].join('\n');

type Verb = 'status' | 'why' | 'plan' | Exclude<RolloutWish['do'], 'show' | 'begin'>;

/** What each word asks for. */
const verbs: Readonly<Record<string, 'start' | 'list' | Verb>> = {
  start: 'start',
  begin: 'start',
  list: 'list',
  status: 'status',
  show: 'status',
  why: 'why',
  plan: 'plan',
  hold: 'hold',
  pause: 'hold',
  resume: 'resume',
  continue: 'resume',
  advance: 'advance',
  promote: 'advance',
  back: 'back',
  halt: 'halt',
  kill: 'halt',
  rollback: 'roll-back',
  'roll-back': 'roll-back',
};

/** `/rollout` starts, shows, stops and moves rollouts; alone it lists them. */
export const rollout: SlashCommand = {
  name: '/rollout',
  hears: (text, { here, flags }) => {
    const { word, rest } = firstWord(text);
    const verb = verbs[word.toLowerCase()];
    if (/^\/?rollout$/i.test(word)) return rest;
    if (verb === undefined) return undefined;
    const { word: second, rest: more } = firstWord(rest);
    const aFlag = flags.some((flag) => sameFlag(flag, second));
    // "Start showing prices" and "list the orders" ask for features.
    const aStart = verb === 'start' && second !== '' && /^($|in\s|stages\s)/i.test(more);
    return here || aFlag || aStart ? text : undefined;
  },
  async run(input) {
    const { word, rest } = firstWord(input.text);
    if (word === '') {
      if (input.here) return { kind: 'rollout', id: input.here.id, wish: { do: 'show', what: 'status' } };
      return { kind: 'tell', text: `${await list(input)}\n\n${help}` };
    }
    if (word.toLowerCase() === 'help') return { kind: 'tell', text: help };
    const verb = verbs[word.toLowerCase()];
    if (verb === undefined)
      return { kind: 'tell', text: `There is no \`/rollout\` ${asCode(word)}.\n\n${help}` };
    if (verb === 'list') return { kind: 'tell', text: await list(input) };
    if (verb === 'start') return start(input, rest);
    return about(input, verb, rest);
  },
};

async function about(input: Input, verb: Verb, rest: string): Promise<Reply> {
  const rollouts = await input.rollouts();
  const { word, rest: more } = firstWord(rest);
  const named = rollouts.some(({ flag }) => sameFlag(flag, word));
  if (input.here && !named) {
    return { kind: 'rollout', id: input.here.id, wish: wishOf(verb, reasonOf(rest)) };
  }
  if (word === '')
    return { kind: 'tell', text: `Say of which flag: \`/rollout ${verb.replace('-', '')} <flag>\`.` };
  const found = whichRollout(rollouts, word);
  if ('rollout' in found)
    return { kind: 'rollout', id: found.rollout.id, wish: wishOf(verb, reasonOf(more)) };
  if (verb === 'plan') return { kind: 'tell', text: `${found.none}\n${planless(word)}` };
  return { kind: 'tell', text: found.none };
}

function planless(flag: string): string {
  return `How long each stage needs is worked out from the present traffic when a rollout is started: ${asCode(`/rollout start ${flag}`)} shows it before anybody is exposed. For a guess from figures of your own there is \`slipway rollout plan --rate 100 --base-error 0.005\`.`;
}

function wishOf(verb: Verb, because: { readonly reason?: string }): RolloutWish {
  switch (verb) {
    case 'status':
    case 'why':
    case 'plan':
      return { do: 'show', what: verb };
    case 'hold':
    case 'halt':
    case 'roll-back':
    case 'advance':
      return { do: verb, ...because };
    case 'resume':
    case 'back':
      return { do: verb };
  }
}

const usage =
  'Write it as `/rollout start <flag> in staging,production stages 1,5,25`; both parts may be left out.';

async function start(input: Input, words: string): Promise<Reply> {
  const { word: flag, rest } = firstWord(words);
  if (flag === '') {
    if (input.here) return { kind: 'rollout', id: input.here.id, wish: { do: 'begin' } };
    return { kind: 'tell', text: `Say which flag. ${usage}` };
  }
  if (!/^[\w.:-]{1,100}$/.test(flag))
    return { kind: 'tell', text: `${asCode(flag)} cannot be the name of a flag. ${usage}` };
  const open = (await input.rollouts()).find((state) => sameFlag(state.flag, flag) && !isOver(state.phase));
  if (open) return { kind: 'rollout', id: open.id, wish: { do: 'begin' } };
  const read = readStart(rest);
  if ('wrong' in read) return { kind: 'tell', text: `${read.wrong} ${usage}` };
  return { kind: 'start-rollout', flag, ...read };
}

type Chosen = { readonly environments?: readonly string[]; readonly stages?: readonly number[] };

/** "in staging, production stages 1,5 %" in either order. */
function readStart(text: string): Chosen | { readonly wrong: string } {
  const words = text
    .replace(/\s*,\s*/g, ',')
    .replace(/\s*%/g, '')
    .split(/\s+/)
    .filter(Boolean);
  let chosen: Chosen = {};
  for (let index = 0; index < words.length; index += 2) {
    const list = (words[index + 1] ?? '').split(',').filter(Boolean);
    switch (words[index]?.toLowerCase()) {
      case 'in':
        if (list.length === 0 || !list.every((name) => /^[\w.-]{1,60}$/.test(name)))
          return { wrong: 'After `in` come the environments.' };
        chosen = { ...chosen, environments: list };
        break;
      case 'stages':
      case 'at': {
        const stages = list.map(Number);
        const rising = stages.every((percent, at) => at === 0 || percent > (stages[at - 1] ?? 0));
        const whole = stages.every((percent) => Number.isInteger(percent) && percent >= 1 && percent <= 100);
        if (stages.length === 0 || !rising || !whole)
          return {
            wrong: 'After `stages` come whole percents from 1 to 100, each more than the one before.',
          };
        chosen = { ...chosen, stages };
        break;
      }
      default:
        return { wrong: `I do not understand ${asCode(words[index] ?? '')}.` };
    }
  }
  return chosen;
}

async function list(input: Input): Promise<string> {
  const all = await input.rollouts();
  const open = all.filter(({ phase }) => !isOver(phase));
  const over = all.filter(({ phase }) => isOver(phase)).slice(0, 5);
  if (open.length + over.length === 0) return '*Rollouts:* none yet.';
  return [
    ...(open.length > 0
      ? ['*Rollouts under way*', ...open.slice(0, 15).map(lineOf)]
      : ['*Rollouts under way:* none.']),
    ...(open.length > 15 ? [`… and ${open.length - 15} more`] : []),
    ...(over.length > 0 ? ['*Over*', ...over.map(lineOf)] : []),
  ].join('\n');
}

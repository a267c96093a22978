import { type FeatureState, isFinal, newestSpec } from '../src/domain/feature/state.ts';
import { waitsForPerson } from '../src/domain/feature/waiting.ts';
import { isOver } from '../src/domain/rollout/state.ts';
import { rolloutWaitsForPerson } from '../src/domain/rollout/waiting.ts';
import type { Input, SlashCommand } from './command.ts';
import { lineOf } from './naming.ts';

const help = [
  '*Slipway* takes a feature from a message to a proved pull request, and from there to all users.',
  '• `/feature <words>` asks for a feature; without words it opens a dialog.',
  '• In a thread, mention the bot with the words, or use the shortcut on any message.',
  '• Write in the thread of a feature to answer, change or steer it; the requester writes `stop` to end it.',
  '• `/rollout` shows rollouts and what can be done with them; `/halt <flag>` switches a flag off at once.',
  '• `/slipway running` shows what is running, `/slipway mine` what waits for you, `/slipway queue` the queue.',
].join('\n');

/** `/slipway` shows help, what is running, what waits for me, and the queue. */
export const slipway: SlashCommand = {
  name: '/slipway',
  async run(input) {
    const word = input.text.trim().toLowerCase();
    switch (word) {
      case '':
      case 'status':
        return {
          kind: 'tell',
          text: [help, await mine(input), await running(input), await queue(input)].join('\n\n'),
        };
      case 'help':
        return { kind: 'tell', text: help };
      case 'running':
        return { kind: 'tell', text: await running(input) };
      case 'mine':
      case 'waiting':
        return { kind: 'tell', text: await mine(input) };
      case 'queue':
        return { kind: 'tell', text: await queue(input) };
      default:
        return { kind: 'tell', text: `There is no \`/slipway ${escaped(word.slice(0, 40))}\`.\n\n${help}` };
    }
  },
};

async function running({ features, rollouts }: Input): Promise<string> {
  const open = (await features()).filter((state) => !isFinal(state.phase));
  const ramping = (await rollouts()).filter((state) => !isOver(state.phase));
  return listed('Running', [...open.map(line), ...ramping.map(lineOf)]);
}

async function mine({ features, rollouts, person }: Input): Promise<string> {
  const waiting = (await features()).filter((state) => waitsForPerson(state, person));
  const ramps = (await rollouts()).filter((state) => rolloutWaitsForPerson(state, person.id));
  return listed('Waiting for you', [...waiting.map(line), ...ramps.map(lineOf)]);
}

function listed(heading: string, lines: readonly string[]): string {
  if (lines.length === 0) return `*${heading}:* nothing.`;
  return [`*${heading}*`, ...lines.slice(0, 10), ...more(lines.length)].join('\n');
}

async function queue({ queue }: Input): Promise<string> {
  const lanes = Object.entries(await queue()).filter(([, { waiting, active }]) => waiting + active > 0);
  if (lanes.length === 0) return '*Queue:* empty.';
  return [
    '*Queue*',
    ...lanes.map(([lane, { waiting, active }]) => `• ${lane}: ${active} in hand, ${waiting} waiting`),
  ].join('\n');
}

function line(state: FeatureState): string {
  const title = newestSpec(state)?.spec.title ?? state.request?.words ?? state.id;
  const place = state.request ? ` in <#${state.request.channel}>` : '';
  return `• ${escaped(title.slice(0, 80))}: ${phaseInWords(state)}${place}`;
}

function phaseInWords({ phase }: FeatureState): string {
  return phase.kind === 'working' ? phase.on.replaceAll('-', ' ') : phase.kind.replaceAll('-', ' ');
}

function more(count: number): readonly string[] {
  return count > 10 ? [`… and ${count - 10} more`] : [];
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('`', "'");
}

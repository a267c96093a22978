import { type FeatureState, isFinal, newestSpec } from '../src/domain/feature/state.ts';
import { waitsForPerson } from '../src/domain/feature/waiting.ts';
import type { Input, SlashCommand } from './command.ts';

const help = [
  '*Slipway* takes a feature from a message to a proved pull request.',
  '• `/feature <words>` asks for a feature; without words it opens a dialog.',
  '• In a thread, mention the bot with the words, or use the shortcut on any message.',
  '• Write in the thread of a feature to answer, change or steer it; the requester writes `stop` to end it.',
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

async function running({ features }: Input): Promise<string> {
  const open = (await features()).filter((state) => !isFinal(state.phase));
  if (open.length === 0) return '*Running:* nothing.';
  return ['*Running*', ...open.slice(0, 10).map(line), ...more(open.length)].join('\n');
}

async function mine({ features, person }: Input): Promise<string> {
  const waiting = (await features()).filter((state) => waitsForPerson(state, person));
  if (waiting.length === 0) return '*Waiting for you:* nothing.';
  return ['*Waiting for you*', ...waiting.slice(0, 10).map(line), ...more(waiting.length)].join('\n');
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

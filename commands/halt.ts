import { environmentNow } from '../src/domain/rollout/state.ts';
import type { SlashCommand } from './command.ts';
import { asCode, firstWord, reasonOf, sameFlag, whichRollout } from './naming.ts';

const usage =
  'Write `/halt <flag> [reason]` to switch a flag off at once, or `/halt all [environment]` to halt everything.';

/** `/halt <flag>` is the shortest way to switch a flag off, whether it is ramped here or not. */
export const halt: SlashCommand = {
  name: '/halt',
  urgent: true,
  hears: (text, { here, flags }) => {
    const { word, rest } = firstWord(text);
    if (!/^\/?halt$/i.test(word)) return undefined;
    const { word: second, rest: more } = firstWord(rest);
    const known = /^all$/i.test(second) || flags.some((flag) => sameFlag(flag, second));
    // "Halt the payment when the card is refused" asks for a feature.
    return here || known || /^($|in\s|because\s|since\s)/i.test(more) ? rest : undefined;
  },
  async run({ text, rollouts, here }) {
    const { word, rest } = firstWord(text);
    const all = await rollouts();
    const named = all.some(({ flag }) => sameFlag(flag, word));
    if (here && !named && !/^all$/i.test(word))
      return { kind: 'rollout', id: here.id, wish: { do: 'halt', ...reasonOf(text) } };
    if (word === '') return { kind: 'tell', text: `Say which flag. ${usage}` };
    if (/^all$/i.test(word)) {
      const { word: place, rest: why } = firstWord(rest.replace(/^in\s+/i, ''));
      if (place === '' || /^(because|since)$/i.test(place)) return { kind: 'halt-all', ...reasonOf(rest) };
      return { kind: 'halt-all', environment: place, ...reasonOf(why) };
    }
    const [, environment, reason = ''] = /^(?:in\s+([\w.-]{1,60})\b)?\s*([\s\S]*)$/i.exec(rest) ?? [];
    const found = whichRollout(all, word);
    // One that has finished can still be rolled back: everybody has its flag.
    const open = 'rollout' in found && found.rollout.phase.kind !== 'rolled-back' ? found.rollout : undefined;
    const now = open && environmentNow(open);
    const elsewhere = environment !== now && open?.plan?.environments.includes(environment ?? '');
    if (open && !elsewhere) {
      // "In the cart orders fail" names no environment of it.
      const because = environment === now ? reason : rest;
      return { kind: 'rollout', id: open.id, wish: { do: 'halt', ...reasonOf(because) } };
    }
    if (!/^[\w.:-]{1,100}$/.test(word))
      return { kind: 'tell', text: `${asCode(word)} cannot be the name of a flag. ${usage}` };
    return {
      kind: 'switch-off',
      flag: word,
      ...(environment !== undefined && { environment }),
      ...reasonOf(reason),
    };
  },
};

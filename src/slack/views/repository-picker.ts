import type { PlainTextOption } from '@slack/types';
import type { FeatureState } from '../../domain/feature/state.ts';
import { button, buttons, inputId, type MessageView, plain, section, type ViewOptions } from './parts.ts';
import { code, named, plainly, safe } from './text.ts';
import { chosen, type Values } from './values.ts';
import { asked, titleOf } from './words.ts';

/** The block of the select with the repositories. */
const choiceBlock = 'repository';
/** As many as a select takes, and as much of them as a message holds. */
const most = { options: 100, characters: 9_800 };

/** Asks which repository is meant: a button for each of a few, a list of many. */
export function repositoryPickerView(state: FeatureState, options: ViewOptions): MessageView {
  const { phase, id } = state;
  const by = state.request?.by;
  if (phase.kind !== 'choosing-repository') {
    const name = state.repositoryName;
    const text = name ? `The repository is ${safe(name, 150)}.` : 'No repository was chosen.';
    return { text, blocks: [section(name ? `The repository is ${code(name)}.` : text)] };
  }
  const question = `which repository is "${safe(titleOf(state), 300)}" for?`;
  const text = `${named(by)}, ${question}`;
  const names = phase.choices.filter((name) => name.length <= 150);
  const heading = section(`${asked(state, 'requester', options)}, ${question}`);
  if (names.length <= 3) {
    const row = names.map((name, index) =>
      button({
        action: 'choose-repository',
        value: { id, name },
        label: `Use ${name}`,
        which: String(index),
      }),
    );
    return { text, blocks: [heading, ...buttons(row)] };
  }
  const shown = fitting(names);
  const left = names.length - shown.length;
  return {
    text,
    blocks: [
      heading,
      {
        type: 'input',
        block_id: choiceBlock,
        label: plain('Repository'),
        ...(left > 0 && { hint: plain(`The first ${shown.length} of this channel; … (${left} more)`) }),
        element: {
          type: 'static_select',
          action_id: inputId,
          options: shown,
        },
      },
      ...buttons([
        button({
          action: 'choose-repository',
          value: { id },
          label: 'Use this repository',
          style: 'primary',
        }),
      ]),
    ],
  };
}

function fitting(names: readonly string[]): PlainTextOption[] {
  const options: PlainTextOption[] = [];
  let room = most.characters;
  for (const name of names.slice(0, most.options)) {
    const option = { text: plain(plainly(name, 75)), value: name };
    room -= JSON.stringify(option).length + 1;
    if (room < 0) break;
    options.push(option);
  }
  return options;
}

/** The repository chosen in the list; undefined when none is. */
export function readRepository(values: Values): string | undefined {
  return chosen(values, choiceBlock);
}

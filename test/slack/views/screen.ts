import type { KnownBlock } from '@slack/types';
import { expect } from 'vitest';
import { acceptBlocks } from '../../../playground/slack/limits/blocks.ts';
import { acceptView } from '../../../playground/slack/limits/views.ts';
import type { FeatureState } from '../../../src/domain/feature/state.ts';
import {
  type Action,
  decode,
  type MessageView,
  type ViewOptions,
  viewOf,
} from '../../../src/slack/views/index.ts';

/** A message as a person and Slack see it. */
export type Screen = {
  readonly fallback: string;
  /** Everything that is written in it, one text a line. */
  readonly text: string;
  readonly buttons: readonly {
    readonly label: string;
    readonly action: Action | undefined;
    readonly danger: boolean;
  }[];
  readonly blocks: readonly KnownBlock[];
};

export function screenOf(state: FeatureState, key: string, options: ViewOptions = {}): Screen {
  return screenOfView(viewOf(state, key, options));
}

export function screenOfView({ text, blocks }: MessageView): Screen {
  return { fallback: text, text: written(blocks), buttons: buttonsOf(blocks), blocks };
}

export function labels(screen: Screen): readonly string[] {
  return screen.buttons.map(({ label }) => label);
}

/** All texts of some blocks, but those of confirm dialogs. */
function written(value: unknown): string {
  if (Array.isArray(value)) return value.map(written).filter(Boolean).join('\n');
  if (!isRecord(value)) return '';
  if (typeof value.text === 'string') return value.text;
  return Object.entries(value)
    .map(([name, inner]) => (name === 'confirm' ? '' : written(inner)))
    .filter(Boolean)
    .join('\n');
}

function buttonsOf(blocks: readonly KnownBlock[]): Screen['buttons'] {
  return blocks.flatMap((block) => {
    if (block.type !== 'actions') return [];
    return block.elements.flatMap((element) => {
      if (element.type !== 'button') return [];
      const action = decode(element.action_id ?? '', element.value ?? '');
      return [{ label: element.text.text, action, danger: element.style === 'danger' }];
    });
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** What must hold of every message, whatever the state: Slack takes it, and the manners of the house are kept. */
export function expectWellMade(screen: Screen, kind: string): void {
  const { blocks, buttons, fallback, text } = screen;
  expect(() => acceptBlocks(blocks, { surface: 'message', pointer: '/blocks' }), kind).not.toThrow();
  expect(blocks.length, kind).toBeLessThanOrEqual(50);
  expect(JSON.stringify(blocks).length, kind).toBeLessThanOrEqual(12_000);
  expect(buttons.length, kind).toBeLessThanOrEqual(3);
  expect(
    buttons.filter(({ action }) => action === undefined),
    kind,
  ).toEqual([]);
  expect(fallback.length, kind).toBeGreaterThan(10);
  expect(fallback.length, kind).toBeLessThanOrEqual(1_000);
  expect(fallback, kind).not.toMatch(/<[@!#]/);
  for (const one of [fallback, text]) {
    expect(one, kind).not.toMatch(/<!(?!date\^\d+\^)/);
    expect(one, kind).not.toMatch(/<#|@(here|channel|everyone)\b/);
    expect(one, kind).not.toMatch(/\[object|undefined|NaN/);
  }
  const mentions = [...text.matchAll(/<@[A-Z0-9]+>/g)];
  if (kind !== 'card' && kind !== 'root' && !kind.startsWith('halt'))
    expect(mentions.length, `${kind}: ${text}`).toBeLessThanOrEqual(1);
  for (const block of blocks) expectWholeTags(block, kind);
}

/** In every text of markup, `<` only begins a tag of ours, tags are whole, and blocks of code are closed. */
function expectWholeTags(value: unknown, kind: string): void {
  if (Array.isArray(value)) {
    for (const inner of value) expectWholeTags(inner, kind);
  } else if (isRecord(value)) {
    if (value.type === 'mrkdwn' && typeof value.text === 'string') {
      const rest = value.text.replace(
        /<(?:@[A-Z0-9]+|!date\^\d+\^(?:\{date_short_pretty\} at )?\{time\}\|[^<>|]*|https?:[^<>|\s]+\|[^<>|]*)>/g,
        '',
      );
      expect(rest.replace(/^> /gm, ''), kind).not.toMatch(/[<>]/);
      expect(rest, kind).not.toMatch(/&(?!amp;|lt;|gt;)/);
      expect(value.text, kind).not.toMatch(/<https?:\/\/evil/);
      expect(value.text.split('```').length % 2, `${kind}: ${value.text}`).toBe(1);
    } else {
      for (const inner of Object.values(value)) expectWholeTags(inner, kind);
    }
  }
}

export function expectAccepted(view: unknown, type: 'modal' | 'home'): void {
  expect(() => acceptView(view, type)).not.toThrow();
}

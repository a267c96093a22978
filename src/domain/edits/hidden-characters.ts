const ranges = [
  ...['0-8', 'b-c', 'e-1f', '7f-9f', 'ad-ad', '34f-34f', '61c-61c', '115f-1160', '17b4-17b5', '180b-180f'],
  ...['200b-200f', '2028-202e', '2060-206f', '3164-3164', 'fe00-fe0f', 'feff-feff', 'ffa0-ffa0', 'fff0-fffb'],
  ...['1d173-1d17a', 'e0000-e0fff'],
];
const hidden = `[${ranges.map((range) => range.replace(/[0-9a-f]+/g, String.raw`\u{$&}`)).join('')}]`;
const inEmoji = String.raw`(?<=\p{Extended_Pictographic})\ufe0f|(?<=[0-9#*])\ufe0f(?=\u20e3)|(?<=\p{Extended_Pictographic}\ufe0f?|\p{Emoji_Modifier})\u200d(?=\p{Extended_Pictographic})`;
const pattern = new RegExp(`(${inEmoji})|${hidden}`, 'gu');

/**
 * The characters of `text` that a reader does not see, or that change the order in which text is shown
 * (Unicode TR 36, "Trojan Source"): controls, soft hyphens, zero-width and bidirectional marks, fillers,
 * variation selectors and tags. Tabs, line ends and the joiners inside an emoji are none of them.
 */
export function hiddenCharactersIn(text: string): readonly string[] {
  return [...text.matchAll(pattern)].filter((found) => found[1] === undefined).map((found) => found[0]);
}

/** The text without its hidden characters. */
export function withoutHiddenCharacters(text: string): string {
  return text.replace(pattern, (character, joiner: string | undefined) =>
    joiner === undefined ? '' : character,
  );
}

/** For example `U+202E`. */
export function codePointName(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/**
 * Text for Slack's mrkdwn. Everything that people, models or repositories wrote goes through `safe`, `quote`,
 * `code` or `codeBlock`: escaped, without control characters, unable to call anybody, and never longer than it
 * may be. Lengths are those of the text as JSON, since Slack counts a message's blocks that way (and it is
 * never shorter than the text).
 */

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
/** Control characters but the line break, and invisible ones that hide or reorder text. */
const unseen = /[\p{Cc}\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu;
const massMention = /@(?=(?:here|channel|everyone|group)\b)/gi;
const zeroWidthSpace = '\u200b';

/** How much of a message's allowance a text takes. */
export function weight(text: string): number {
  return JSON.stringify(text).length - 2;
}

/** Cuts plain text to a length, with an ellipsis; a character is never cut in two. */
export function clip(text: string, max: number): string {
  return cut(text, max, (character) => character);
}

function cut(text: string, max: number, draw: (character: string) => string): string {
  // No character weighs less than one, so nothing after these can be kept.
  const drawn = [...text.slice(0, max + 2).toWellFormed()].map(draw);
  if (weight(drawn.join('')) <= max) return drawn.join('');
  const kept: string[] = [];
  let room = max - 1;
  for (const piece of drawn) {
    room -= weight(piece);
    if (room < 0) break;
    kept.push(piece);
  }
  return `${kept.join('').trimEnd()}…`;
}

function visible(text: string): string {
  return text.replace(unseen, (character) => (character === '\n' ? '\n' : ' '));
}

/** Three backticks would open, or end, a block of code. */
function unfenced(text: string): string {
  return text.replaceAll('```', `\`${zeroWidthSpace}\`${zeroWidthSpace}\``);
}

function escaped(text: string, max: number): string {
  const harmless = unfenced(visible(text)).replace(massMention, `@${zeroWidthSpace}`);
  return cut(harmless, max, (character) => entities[character] ?? character);
}

/** Words of others as one line. */
export function safe(text: string, max = 300): string {
  return escaped(text.replace(/\s+/g, ' ').trim(), max);
}

/** Words of others for a plain text field (a header, a label, an option), which knows no markup but may be copied. */
export function plainly(text: string, max: number): string {
  const line = visible(text).replace(/\s+/g, ' ').trim();
  const harmless = line
    .replace(massMention, `@${zeroWidthSpace}`)
    .replace(/<(?=[!@#])/g, `<${zeroWidthSpace}`);
  return clip(harmless, max) || '–';
}

/** Words of others as a quotation, line by line, so that none of them can pass for ours. */
export function quote(text: string, max = 1_000): string {
  const kept = text.trim().split(/\s*\n\s*/);
  return lines(kept, { max, draw: (line, room) => `> ${safe(line, room - 4)}`, share: max });
}

/** A name inline, as code; a backtick in it would end the code. */
export function code(text: string, max = 150): string {
  return `\`${safe(text.replaceAll('`', 'ʼ'), max - 2) || ' '}\``;
}

/** Output as it was. */
export function codeBlock(text: string, max = 600): string {
  return `\`\`\`\n${escaped(text.trim(), max - 10) || ' '}\n\`\`\``;
}

/** A link, when the address is one of the web; else only its words. The words are ours. */
export function link(url: string, label: string): string {
  const address = webAddress(url);
  return address ? `<${address.replaceAll('&', '&amp;')}|${label}>` : label;
}

/** The address when it is one of the web and short enough for a message. */
export function webAddress(url: string): string | undefined {
  return /^https?:\/\/[^\s<>|"\\]{1,500}$/.test(url) ? url : undefined;
}

/** Names a person so that Slack tells them; words when the id is not one of Slack's. */
export function mention(person: { readonly id: string; readonly name: string }): string {
  return /^[UW][A-Z0-9]{1,30}$/.test(person.id) ? `<@${person.id}>` : named(person);
}

/** Names a person without telling them. */
export function named(person: { readonly name: string } | undefined): string {
  return person ? safe(person.name, 80) : 'somebody';
}

/** A time of day in the reader's own time zone; in UTC where Slack does not draw it. */
export function time(iso: string | undefined): string {
  const milliseconds = iso === undefined ? Number.NaN : Date.parse(iso);
  if (iso === undefined || Number.isNaN(milliseconds)) return 'earlier';
  return `<!date^${Math.floor(milliseconds / 1000)}^{time}|${iso.slice(11, 16)} UTC>`;
}

/** A time as seen at another: with its date when they are more than half a day apart. */
export function moment(iso: string | undefined, now: string | undefined): string {
  const milliseconds = Date.parse(iso ?? '');
  if (iso === undefined || Number.isNaN(milliseconds)) return 'earlier';
  if (now !== undefined && Math.abs(milliseconds - Date.parse(now)) <= 12 * 3_600_000) return time(iso);
  return `<!date^${Math.floor(milliseconds / 1000)}^{date_short_pretty} at {time}|${iso.slice(0, 10)} ${iso.slice(11, 16)} UTC>`;
}

/** "1 criterion", "3 criteria". */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}

/** "a, b and c". */
export function listed(words: readonly string[]): string {
  if (words.length <= 1) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

/** A piece of a sentence as a whole one. */
export function sentence(text: string): string {
  const whole = text.trim().charAt(0).toUpperCase() + text.trim().slice(1);
  return /[.!?…]$/.test(whole) ? whole : `${whole}.`;
}

/**
 * As many lines as fit, and how many are left. Each is told its fair share of the room, so that twenty long
 * criteria are twenty shortened lines rather than two whole ones.
 */
export function lines<Item>(
  items: readonly Item[],
  options: {
    readonly max: number;
    /** Makes a line that takes at most this room. */
    readonly draw: (item: Item, room: number) => string;
    readonly share?: number;
  },
): string {
  const { max, draw } = options;
  const all = max - 20;
  const share = options.share ?? Math.max(60, Math.floor(all / Math.max(1, items.length)) - 2);
  const kept: string[] = [];
  let room = all;
  for (const item of items) {
    const line = draw(item, Math.min(share, Math.max(40, room - 2)));
    room -= weight(line) + 2;
    if (room < 0) break;
    kept.push(line);
  }
  const left = items.length - kept.length;
  return [...kept, ...(left > 0 ? [`… (${left} more)`] : [])].join('\n');
}

import type { Span } from './match.ts';
import { entropyOf, isPlaceholder } from './placeholder.ts';

const names = `(?:pass(?:word|wd|phrase)|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential|client[_-]?secret)s?`;
const quoted = new RegExp(
  String.raw`([\w.$-]{0,60}?${names}[\w-]{0,40})["'\x60\]]{0,2}[ \t]{0,4}(?::[ \t]{0,3}[A-Za-z]{1,20}[ \t]{0,3})?(?:=>|:=|===?|=|:)[ \t]{0,4}(["'\x60])([^"'\x60\r\n]{8,200})\2`,
  'gi',
);
const bare = new RegExp(
  String.raw`^[ \t]*(?:export[ \t]+|-[ \t]+|ENV[ \t]+)?([\w.-]{0,60}?${names}[\w-]{0,20})[ \t]{0,3}[:=][ \t]{0,3}([^\s"'\x60#;,(){}\[\]<>]{12,200})[ \t]*$`,
  'gim',
);

/**
 * A literal whose name says password, secret or token and that looks random. Only a warning: the name and
 * the entropy are all there is to go by.
 */
export function matchNamedLiterals(text: string): readonly Span[] {
  const rule = 'named-secret';
  const spans: Span[] = [];
  for (const found of text.matchAll(quoted)) {
    const value = found[3] ?? '';
    const end = found.index + found[0].length - 1;
    if (looksRandom(value)) spans.push({ rule, start: end - value.length, end });
  }
  for (const found of text.matchAll(bare)) {
    const value = found[2] ?? '';
    const start = found.index + found[0].lastIndexOf(value);
    if (looksRandom(value)) spans.push({ rule, start, end: start + value.length });
  }
  return spans;
}

function looksRandom(value: string): boolean {
  if (isPlaceholder(value) || /\s|:\/\/|^[./~]|\(|\)/.test(value)) return false;
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(value)).length;
  if (kinds < 2 || !/[0-9]/.test(value)) return false;
  if (/^[a-z]+(?:[-_.][a-z]+)*[-_.]?v?\d{0,4}$/i.test(value)) return false;
  if (/^v?\d+(?:\.\d+)+|^\d{4}-\d\d-\d\d/.test(value)) return false;
  return entropyOf(value) >= (value.length < 16 ? 2.9 : 3.4);
}

import { RE2JS } from 're2js';
import { entropyOf, isHarmlessUrlPassword, isPlaceholder } from './placeholder.ts';
import { type SecretRule, secretRules } from './rules.ts';

export type Span = { readonly rule: string; readonly start: number; readonly end: number };
/** The secret, and what around it made it one (`matched`): for a password in an address, the address. */
export type RuleSpan = Span & { readonly matched: { readonly start: number; readonly end: number } };
type Window = { readonly start: number; readonly end: number };

const compiled = new Map<string, RE2JS>();
const before = 260;

/** Every place in `text` that has the format of a known kind of secret and is no stand-in. */
export function matchRules(text: string): readonly RuleSpan[] {
  const lower = asciiLower(text);
  return secretRules.flatMap((rule) =>
    windowsOf(lower, rule).flatMap((window) => matchIn(text, window, rule)),
  );
}

function matchIn(text: string, window: Window, rule: SecretRule): RuleSpan[] {
  const spans: RuleSpan[] = [];
  const part = text.slice(window.start, window.end);
  const matcher = patternOf(rule).matcher(part);
  while (matcher.find()) {
    const group = matcher.groupCount() > 0 && matcher.start(1) >= 0 ? 1 : 0;
    const start = window.start + matcher.start(group);
    const end = window.start + matcher.end(group);
    const value = text.slice(start, end);
    if (!standsAlone(text, start, end)) continue;
    if (rule.entropy !== undefined && entropyOf(value) < rule.entropy) continue;
    const url =
      rule.id === 'url-password' ? text.slice(window.start + matcher.start(0), end + 120) : undefined;
    if (url === undefined ? isPlaceholder(value) : isHarmlessUrlPassword(url, value)) continue;
    const matched = { start: window.start + matcher.start(0), end: window.start + matcher.end(0) };
    spans.push({ rule: rule.id, start, end, matched });
  }
  return spans;
}

/** Only the text around keywords is matched; overlapping surroundings are matched once. */
function windowsOf(lower: string, rule: SecretRule): readonly Window[] {
  const windows: { start: number; end: number }[] = [];
  const starts = rule.keywords.flatMap((keyword) => positionsOf(lower, keyword)).sort((a, b) => a - b);
  for (const at of starts) {
    const start = Math.max(0, at - before);
    const end = Math.min(lower.length, at + (rule.reach ?? 400));
    const last = windows.at(-1);
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end);
    else windows.push({ start, end });
  }
  return windows;
}

function positionsOf(text: string, keyword: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(keyword); at >= 0; at = text.indexOf(keyword, at + 1)) found.push(at);
  return found;
}

function patternOf(rule: SecretRule): RE2JS {
  const known = compiled.get(rule.id);
  if (known !== undefined) return known;
  const made = RE2JS.compile(rule.pattern);
  compiled.set(rule.id, made);
  return made;
}

/** A token inside a longer word is not that token; an escape such as `\n` or `%3D` before it is no part of a word. */
function standsAlone(text: string, start: number, end: number): boolean {
  if (/[A-Za-z0-9]/.test(text[end] ?? '') && /[A-Za-z0-9]/.test(text[end - 1] ?? '')) return false;
  if (!/[A-Za-z0-9]/.test(text[start - 1] ?? '') || !/[A-Za-z0-9]/.test(text[start] ?? '')) return true;
  return /(?:\\[nrt]|\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|%[0-9a-fA-F]{2})$/.test(
    text.slice(Math.max(0, start - 6), start),
  );
}

/** Lower case that keeps every position, which `toLowerCase` does not for some letters. */
export function asciiLower(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length ? lower : text.replace(/[A-Z]+/g, (part) => part.toLowerCase());
}

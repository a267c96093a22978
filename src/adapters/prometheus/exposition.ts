import type { Labels } from './series.ts';

export type Exposed = { readonly labels: Labels; readonly value: number };

const line = /^([a-zA-Z_:][a-zA-Z0-9_:]*)\s*(?:\{(.*?)\}(?=\s+[^\s"]+(?:\s|$)))?\s*(\S+)/;
const label = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*(?:,|$)/y;

/** Reads the text format of Prometheus. Comments, time stamps and exemplars are left out. */
export function readExposition(text: string): readonly Exposed[] {
  return text.split('\n').flatMap((raw) => {
    const trimmed = raw.trim();
    if (trimmed === '' || trimmed.startsWith('#')) return [];
    const found = line.exec(trimmed);
    if (!found) return [];
    const [, name = '', labels = '', value = ''] = found;
    return [{ labels: { __name__: name, ...labelsOf(labels) }, value: numberOf(value) }];
  });
}

function labelsOf(text: string): Labels {
  const found: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(new RegExp(label, 'gy')))
    found[name] = value.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
  return found;
}

function numberOf(text: string): number {
  const infinite = /^([+-]?)Inf$/i.exec(text);
  if (infinite) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text);
}

/**
 * The report of a runner that shares its stream with what tests print: exactly one JSON object that has the
 * expected first key. Two of them mean that somebody else wrote one too.
 */
export function soleObject(text: string, keys: readonly string[]): Extracted {
  const whole = parsed(text);
  if (isReport(whole, keys)) return { kind: 'one', value: whole };
  const found: Readonly<Record<string, unknown>>[] = [];
  for (let at = text.indexOf('{'); at !== -1; at = text.indexOf('{', at)) {
    const end = endOfObject(text, at);
    const value = end === undefined ? undefined : parsed(text.slice(at, end));
    if (end !== undefined && isReport(value, keys)) {
      found.push(value);
      at = end;
    } else {
      at += 1;
    }
    if (found.length > 1) return { kind: 'several' };
  }
  const [only] = found;
  return only === undefined ? { kind: 'none' } : { kind: 'one', value: only };
}

export type Extracted =
  | { readonly kind: 'one'; readonly value: Readonly<Record<string, unknown>> }
  | { readonly kind: 'several' }
  | { readonly kind: 'none' };

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isReport(value: unknown, keys: readonly string[]): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && keys.every((key) => key in value);
}

/** Index after the brace that closes the one at `start`; only objects that begin a report are worth the walk. */
function endOfObject(text: string, start: number): number | undefined {
  if (!/^\{\s*"/.test(text.slice(start, start + 200))) return undefined;
  let depth = 0;
  let inString = false;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (inString) {
      if (character === '\\') at += 1;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '{') depth += 1;
    else if (character === '}') {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}

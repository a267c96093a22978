export type Scraped = { readonly labels: Readonly<Record<string, string>>; readonly value: number };

/** What a process exposes at `/metrics`, or undefined when it does not answer. */
export async function scraped(target: string, timeoutMs: number): Promise<readonly Scraped[] | undefined> {
  try {
    const response = await fetch(new URL('/metrics', target), { signal: AbortSignal.timeout(timeoutMs) });
    const text = await response.text();
    return response.ok ? linesOf(text) : undefined;
  } catch {
    return undefined;
  }
}

function linesOf(text: string): readonly Scraped[] {
  return text.split('\n').flatMap((line) => {
    const found = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)/.exec(line);
    if (!found) return [];
    const [, name = '', labels = '', value = ''] = found;
    return [
      { labels: { __name__: name, ...labelsOf(labels) }, value: Number(value.replace('Inf', 'Infinity')) },
    ];
  });
}

function labelsOf(text: string): Readonly<Record<string, string>> {
  const pairs = [...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
  const plain = (value = '') =>
    value.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
  return Object.fromEntries(pairs.map(([, label = '', value]) => [label, plain(value)]));
}

/** What a runner reported about one test, whatever the format. */
export type TestResult = {
  /** Path relative to the repository, then the titles, joined with " > ". A repeated id gets its occurrence: "… (2)". */
  readonly id: string;
  /** Where the report says the test is. */
  readonly file?: string;
  /** Suites and test, outermost first; empty when the file as a whole is meant. */
  readonly titles: readonly string[];
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly message?: string;
  readonly expected?: string;
  readonly received?: string;
  /** `path:line`. */
  readonly at?: string;
};

/** Where the repository is inside the sandbox, and so the prefix of absolute paths in reports. */
export const root = '/job';

export type Reported = {
  readonly file?: string | undefined;
  readonly titles: readonly string[];
  readonly outcome: TestResult['outcome'];
  readonly failure?: Failed | undefined;
};
export type Failed = {
  readonly message: string;
  readonly expected?: string | undefined;
  readonly received?: string | undefined;
  readonly at?: string | undefined;
};

/** Gives every test its id, in the order of the report. */
export function identified(reported: readonly Reported[]): readonly TestResult[] {
  const seen = new Map<string, number>();
  return reported.map(({ file, titles, outcome, failure }) => {
    const path = file === undefined ? undefined : relativePath(file);
    const name = [...(path === undefined ? [] : [path]), ...titles].join(' > ');
    const occurrence = (seen.get(name) ?? 0) + 1;
    seen.set(name, occurrence);
    return {
      id: occurrence === 1 ? name : `${name} (${occurrence})`,
      ...(path === undefined ? {} : { file: path }),
      titles,
      outcome,
      ...(failure === undefined ? {} : tidy(failure)),
    };
  });
}

export function relativePath(path: string): string {
  const plain = path.replace(/^file:\/\//, '').replaceAll('\\', '/');
  return plain.startsWith(`${root}/`) ? plain.slice(root.length + 1) : plain.replace(/^\.\//, '');
}

const longest = 2000;

function tidy({ message, expected, received, at }: Failed) {
  const plain = withoutColour(message).trim();
  const found = at ?? placeIn(plain);
  const sentence =
    /^(?:AssertionError: )?expected (.+?) to (?:be|equal|deeply equal|strictly equal) (.+?)(?: \/\/.*)?$/m.exec(
      plain,
    );
  const wanted = expected ?? valueAfter(plain, /^\s*expected:\s+(.+)$/im) ?? sentence?.[2];
  const got = received ?? valueAfter(plain, /^\s*(?:received|actual):\s+(.+)$/im) ?? sentence?.[1];
  return {
    message: headline(plain).slice(0, longest),
    ...(wanted === undefined ? {} : { expected: withoutColour(wanted).slice(0, longest) }),
    ...(got === undefined ? {} : { received: withoutColour(got).slice(0, longest) }),
    ...(found === undefined ? {} : { at: found }),
  };
}

/** The message without its stack. */
function headline(message: string): string {
  const stack = message.search(/\n\s+at /);
  return (stack > 0 ? message.slice(0, stack) : message).trim();
}

function valueAfter(text: string, pattern: RegExp): string | undefined {
  return pattern.exec(text)?.[1]?.trim().replace(/,$/, '');
}

/** The first place of the stack that is in the repository's own code. */
function placeIn(stack: string): string | undefined {
  for (const [, path, line] of stack.matchAll(
    /(?:file:\/\/)?\/job\/([^\s:()?]+)(?:\?[^\s:]*)?:(\d+)(?::\d+)?/g,
  )) {
    if (path !== undefined && !path.includes('node_modules/')) return `${path}:${line}`;
  }
  return undefined;
}

export function withoutColour(text: string): string {
  return text.replace(new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*[A-Za-z]`, 'g'), '');
}

/** What a request of Slipway is about, read from its text as any server of the protocol could. */
export type SlipwayRequest = {
  readonly role: string;
  /** "Attempt 2, task T-1" */
  readonly about: string;
  /** The words of the feature request. */
  readonly words: string;
  /** Answers and notes of the thread. */
  readonly heard: string;
};

type Message = { readonly role: string; readonly content: unknown };

/** Undefined when it is not one of Slipway's. */
export function readRequest(messages: readonly Message[]): SlipwayRequest | undefined {
  const system = textOf(messages.find(({ role }) => role === 'system'));
  const user = textOf(messages.find(({ role }) => role === 'user'));
  const role = /^You are Slipway's (\w+)\./.exec(system)?.[1];
  const [, about, marker] = /^(.+)\.\nFences of this message carry the marker (\S+)\.\n/.exec(user) ?? [];
  if (!role || !about || !marker) return undefined;
  const fences = [...user.matchAll(new RegExp(`^<<${marker} (.*)>>\\n([^]*?)\\n<<${marker} end>>$`, 'gm'))];
  const labelled = (label: string) =>
    fences.filter(([, found]) => found?.startsWith(`${label}, from`)).map(([, , text]) => text ?? '');
  return {
    role,
    about,
    words: labelled('request').join('\n'),
    heard: [...labelled('answers'), ...labelled('note')].join('\n'),
  };
}

function textOf(message: Message | undefined): string {
  return typeof message?.content === 'string' ? message.content : '';
}

/** Case, spacing and a last full stop do not make it another request. */
export function sameWords(one: string, other: string): boolean {
  return plain(one) === plain(other);
}

export function mentions(text: string, words: string): boolean {
  return plain(text).includes(plain(words));
}

function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/[.!]+$/, '');
}

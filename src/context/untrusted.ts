import { randomBytes } from 'node:crypto';
import { clean } from './clean.ts';

/** Where a piece of a prompt came from, and so how far its words may be believed. */
export type TrustLabel = 'requester' | 'thread:verified' | 'thread:unverified' | 'repo:base' | 'tool-output';

export type Piece = {
  readonly label: TrustLabel;
  /** What it is, for example `src/cart.ts` or `message by Maria`. */
  readonly source: string;
  readonly text: string;
  /** Longer texts are cut in the middle; 20,000 when absent. */
  readonly maxCharacters?: number;
};
export type Fenced = { readonly text: string; readonly stripped: readonly string[] };

/** The fence of one request. Nobody who wrote a piece can have known it. */
export function createMarker(): string {
  return `slipway-${randomBytes(9).toString('hex')}`;
}

/** A piece of text between markers that it cannot close itself, without hidden parts, labelled with its source. */
export function fence(piece: Piece, marker: string): Fenced {
  const { text, stripped } = clean(piece.text, piece.label === 'tool-output' ? 'plain' : 'markdown');
  return {
    text: fenceLines({
      label: piece.label,
      source: piece.source,
      text: cut(text, piece.maxCharacters ?? 20_000),
      marker,
    }),
    stripped: stripped.map((what) => `${what} in ${piece.source}`),
  };
}

/** The fence itself, around text that is clean already. */
export function fenceLines(piece: {
  readonly label: TrustLabel;
  readonly source: string;
  readonly text: string;
  readonly marker: string;
}): string {
  const { marker } = piece;
  const source = JSON.stringify(clean(withoutMarker(piece.source, marker), 'plain').text.slice(0, 300));
  const body = withoutMarker(piece.text, marker).replace(/\n$/, '');
  return `<<${marker} ${piece.label} ${source}>>\n${body}\n<<${marker} end>>`;
}

export type ThreadMessage = {
  readonly author: string;
  readonly label: 'requester' | 'thread:verified' | 'thread:unverified';
  readonly text: string;
  /** The requester quoted it, and so vouches for it. */
  readonly quoted?: boolean;
};

/** The messages of a thread, each fenced. Those of unverified people are left out unless the requester quoted them. */
export function fenceThread(messages: readonly ThreadMessage[], marker: string): Fenced {
  const heard = messages.filter(
    (message) => message.label !== 'thread:unverified' || message.quoted === true,
  );
  const pieces = heard.map((message) =>
    fence(
      {
        label: message.label,
        source: `message by ${message.author}`,
        text: message.text,
        maxCharacters: 10_000,
      },
      marker,
    ),
  );
  const unheard = messages.length - heard.length;
  return {
    text: pieces.map((piece) => piece.text).join('\n'),
    stripped: [
      ...pieces.flatMap((piece) => piece.stripped),
      ...(unheard === 0
        ? []
        : [`${unheard} ${unheard === 1 ? 'message' : 'messages'} by people who are not verified`]),
    ],
  };
}

function withoutMarker(text: string, marker: string): string {
  let left = text;
  while (left.includes(marker)) left = left.replaceAll(marker, '');
  return left;
}

function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor(most / 2);
  return `${text.slice(0, half)}\n[${text.length - 2 * half} characters left out]\n${text.slice(-half)}`;
}

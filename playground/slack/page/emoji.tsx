import type { ReactNode } from 'react';

const disc = (fill: string, mark: ReactNode) => (
  <>
    <circle cx="12" cy="12" r="11" fill={fill} />
    {mark}
  </>
);
const line = (d: string) => (
  <path d={d} fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" strokeLinejoin="round" />
);
const eye = (cx: number) => (
  <>
    <ellipse cx={cx} cy="12" rx="5" ry="7.5" fill="#fff" stroke="#b9c2cb" />
    <circle cx={cx + 1.5} cy="13" r="2.6" fill="#1d2733" />
  </>
);

/** The signs bots speak with, drawn, because a machine without an emoji font would show empty boxes. */
const PICTURES: Readonly<Record<string, ReactNode>> = {
  eyes: (
    <>
      {eye(6.5)}
      {eye(17.5)}
    </>
  ),
  white_check_mark: disc('#2e9e5b', line('M6.5 12.5l3.6 3.6 7.4-8')),
  x: disc('#d64545', line('M8 8l8 8M16 8l-8 8')),
  warning: (
    <>
      <path d="M12 2L23 21H1z" fill="#f2b705" />
      <path d="M12 9v6M12 18v.2" stroke="#3a2e00" strokeWidth="2.4" strokeLinecap="round" />
    </>
  ),
  hourglass_flowing_sand: (
    <>
      <path d="M5 2h14v3l-5 7 5 7v3H5v-3l5-7-5-7z" fill="#dbe7ef" stroke="#7d93a3" />
      <path d="M8 6h8l-4 5zM12 13l4 6H8z" fill="#e0a33a" />
    </>
  ),
  octagonal_sign: (
    <>
      <path d="M7.5 1.5h9l6 6v9l-6 6h-9l-6-6v-9z" fill="#d64545" />
      {line('M7 12h10')}
    </>
  ),
  '+1': (
    <path
      d="M2 11h4v11H2zM7 11l4-9c2 0 3 1.5 3 3l-.6 4H20c1.6 0 2.4 1.2 2 2.6l-2 8A3 3 0 0 1 17 22H7z"
      fill="#f0b429"
    />
  ),
};

/** An emoji by its name: a picture we have, else the character the font shows, else the name. */
export function Emoji(props: { readonly name: string; readonly otherwise?: string }) {
  const picture = PICTURES[props.name] ?? PICTURES[ALIASES[props.name] ?? ''];
  if (!picture) return <span>{props.otherwise ?? `:${props.name}:`}</span>;
  return (
    <svg className="emoji-picture" viewBox="0 0 24 24" role="img" aria-label={props.name}>
      {picture}
    </svg>
  );
}

const ALIASES: Readonly<Record<string, string>> = {
  thumbsup: '+1',
  hourglass: 'hourglass_flowing_sand',
  heavy_check_mark: 'white_check_mark',
  stop_sign: 'octagonal_sign',
};

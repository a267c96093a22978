import type { Sight } from '../control.ts';
import type { Message } from '../model.ts';
import type { Workspace } from '../workspace.ts';
import { Blocks } from './blocks.tsx';
import { FormOf } from './form.tsx';
import { RenderedText } from './rendered.tsx';

/** What everything that shows a message needs. */
export type Shared = { readonly sight: Sight; readonly workspace: Workspace; readonly user: string };

/** The blocks of a message, else its text. */
export function Body(
  props: Shared & { readonly target: string; readonly text: string; readonly blocks: Message['blocks'] },
) {
  const { sight, workspace, user, target, text, blocks } = props;
  if (!blocks || blocks.length === 0) return <RenderedText text={text} sight={sight} />;
  return (
    <FormOf sight={sight} workspace={workspace} user={user} target={target}>
      <Blocks blocks={blocks} />
    </FormOf>
  );
}

export function Byline(props: { readonly name: string; readonly isBot: boolean; readonly ts: string }) {
  return (
    <p className="byline">
      <strong>{props.name}</strong>
      {props.isBot && <span className="app">APP</span>}
      <time className="quiet">{clock(props.ts)}</time>
    </p>
  );
}

/** The time of a message. */
export function clock(ts: string): string {
  return new Date(Number(ts) * 1_000).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

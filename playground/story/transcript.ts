import type { Message, User } from '../slack/model.ts';
import type { Workspace } from '../slack/workspace.ts';
import { textOf } from './act.ts';

/** Prints the thread while it happens: each new message whole, each edit by the lines that are new. */
export async function transcribe(slack: Workspace, print: (line: string) => void): Promise<() => void> {
  const { users } = await slack.sight();
  const nameOf = (id: string) => users.find((user: User) => user.id === id)?.name ?? id;
  const started = performance.now();
  const clock = () => `${((performance.now() - started) / 1000).toFixed(1).padStart(6)}s`;
  const readable = (text: string) =>
    text
      .replace(/<@([A-Z0-9]+)>/g, (_whole, id: string) => `@${nameOf(id)}`)
      .replace(/<!date\^\d+\^[^|>]*\|([^>]*)>/g, '$1')
      .replace(/<([^|>]+)\|([^>]+)>/g, '$2 ($1)')
      .replace(/<(https?:[^>]+)>/g, '$1')
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&amp;/g, '&');
  const linesOf = (message: Message) =>
    readable(textOf(message))
      .split('\n')
      .filter((line) => line.trim() !== '');
  const show = (who: string, lines: readonly string[]) => {
    const [first = '', ...rest] = lines;
    print(`${clock()}  ${who.padEnd(9)} ${first}`);
    for (const line of rest) print(`${' '.repeat(19)}${line}`);
  };
  return slack.onMessage((change) => {
    switch (change.kind) {
      case 'posted':
        return show(nameOf(change.message.user), linesOf(change.message));
      case 'edited': {
        const before = new Set(linesOf(change.previous));
        const fresh = linesOf(change.message).filter((line) => !before.has(line));
        if (fresh.length > 0) show('  ✎', fresh);
        return;
      }
      case 'ephemeral':
        return show(`(${nameOf(change.ephemeral.user)})`, [readable(textOf(change.ephemeral))]);
      case 'reacted':
      case 'unreacted':
      case 'deleted':
        return;
    }
  });
}

import type { Sight } from '../control.ts';
import type { Channel } from '../model.ts';

/** What a conversation is called on the page. */
export function nameOf(channel: Channel, sight: Sight): string {
  switch (channel.kind) {
    case 'im':
      return sight.app.name;
    case 'private':
      return `🔒 ${channel.name}`;
    case 'public':
      return `# ${channel.name}`;
  }
}

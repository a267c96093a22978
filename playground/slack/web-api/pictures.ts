import type { Block } from '../model.ts';
import { Refusal } from '../refusal.ts';
import type { World } from '../world.ts';

/**
 * Refuses blocks whose picture is no completed upload, or one that was completed a moment ago: Slack looks at a file
 * first, and until then answers `invalid_blocks`. https://docs.slack.dev/reference/block-kit/composition-objects/slack-file-object
 */
export function requirePictures(world: World, blocks: readonly Block[] | undefined): void {
  const wrong = (blocks ?? []).flatMap((block, index) => {
    const id = block.type === 'image' ? fileOf(block.slack_file) : undefined;
    return id === undefined || isReady(world, id)
      ? []
      : [`invalid slack file [json-pointer:/blocks/${index}/slack_file]`];
  });
  if (wrong.length === 0) return;
  throw new Refusal('invalid_blocks', {
    errors: wrong,
    response_metadata: { messages: wrong.map((message) => `[ERROR] ${message}`) },
  });
}

function fileOf(given: unknown): string | undefined {
  if (typeof given !== 'object' || given === null) return undefined;
  return 'id' in given && typeof given.id === 'string' ? given.id : '';
}

function isReady(world: World, id: string): boolean {
  const upload = world.uploads.get(id);
  if (upload?.completedAt === undefined || !upload.file.mimetype.startsWith('image/')) return false;
  return Date.now() - upload.completedAt >= world.setup.pace.fileReadyMs;
}

import { z } from 'zod';
import { addMessage, recordPost } from '../messages.ts';
import type { StoredFile } from '../model.ts';
import { Refusal } from '../refusal.ts';
import { wireFile } from '../wire.ts';
import { freshId } from '../world.ts';
import { readContent } from './content.ts';
import { joinedChannel, type Method } from './method.ts';

const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  svg: 'image/svg+xml',
  json: 'application/json',
  md: 'text/markdown',
  txt: 'text/plain',
  diff: 'text/plain',
};

const getUploadUrl: Method = {
  scopes: ['files:write'],
  token: 'bot',
  run(args, { world }) {
    const name = args.need('filename');
    const size = args.count('length', 0);
    if (size === 0) throw new Refusal('invalid_arguments');
    const id = freshId('F');
    const file: StoredFile = {
      id,
      name,
      title: name,
      size,
      mimetype: TYPES[name.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
      user: world.setup.credentials.botUserId,
      url: `/files-pri/${id}/${encodeURIComponent(name)}`,
    };
    world.uploads.set(id, { file, content: undefined, completedAt: undefined });
    return { upload_url: `${world.url}/upload/v1/${id}`, file_id: id };
  },
};

const completeUpload: Method = {
  scopes: ['files:write'],
  token: 'bot',
  run(args, { world }) {
    const read = z
      .array(z.object({ id: z.string(), title: z.string().optional() }))
      .min(1)
      .safeParse(args.json('files', 'invalid_arguments'));
    if (!read.success) throw new Refusal('invalid_arguments');
    const files = read.data.map(({ id, title }) => {
      const upload = world.uploads.get(id);
      if (!upload || upload.content === undefined) throw new Refusal('file_not_found');
      const file = { ...upload.file, title: title ?? upload.file.name };
      world.uploads.set(id, { ...upload, file, completedAt: Date.now() });
      return file;
    });
    if (args.text('channel_id') !== undefined) {
      const channel = joinedChannel(world, { ...args, need: () => args.need('channel_id') });
      const threadTs = args.text('thread_ts');
      if (threadTs !== undefined && world.messages.get(threadTs)?.channel !== channel.id) {
        throw new Refusal('thread_not_found');
      }
      const message = addMessage(world, {
        channel: channel.id,
        user: world.setup.credentials.botUserId,
        byBot: true,
        text: args.text('initial_comment') ?? '',
        blocks: readContent(args).blocks,
        threadTs,
        files,
      });
      recordPost(world, 'files.completeUploadExternal', message);
    }
    return { files: files.map((file) => wireFile(world, file)) };
  },
};

const info: Method = {
  scopes: ['files:read'],
  token: 'bot',
  run(args, { world }) {
    const upload = world.uploads.get(args.need('file'));
    if (!upload) throw new Refusal('file_not_found');
    return { file: wireFile(world, upload.file) };
  },
};

/** https://docs.slack.dev/messaging/working-with-files: URL, bytes, completion. */
export const fileMethods: Readonly<Record<string, Method>> = {
  'files.getUploadURLExternal': getUploadUrl,
  'files.completeUploadExternal': completeUpload,
  'files.info': info,
};

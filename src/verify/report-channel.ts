import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { Socket } from 'node:net';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import type { ReportFormat } from '../domain/workflow.ts';
import { readUntrusted } from './tree.ts';

/** Where a check writes its report: a path that nobody can know before the run. */
export type ReportChannel = {
  readonly mount: { readonly from: string; readonly to: string; readonly writable: boolean };
  /** The path inside. */
  readonly path: string;
  /** Everything that was written; call it when the sandbox is dead. */
  close(): Promise<string>;
};

const endings: Readonly<Record<ReportFormat, string>> = {
  'vitest-json': 'json',
  'jest-json': 'json',
  'mocha-json': 'json',
  junit: 'xml',
  tap: 'tap',
};
const maxBytes = 128 * 2 ** 20;

/**
 * A pipe whose other end is outside the sandbox: what was written cannot be taken back, replaced or deleted by the
 * code under test, and a second report arrives as a second report. `node --test` syncs its file, which a pipe
 * refuses, so its formats get a file; it runs tests in processes of their own, which are not told where.
 */
export async function openReportChannel(scratch: string, format: ReportFormat): Promise<ReportChannel> {
  const folder = join(scratch, 'report');
  await mkdir(folder, { recursive: true });
  const inside = `/run/report-${randomBytes(16).toString('hex')}`;
  const path = `${inside}/report.${endings[format]}`;
  if (format === 'junit' || format === 'tap') {
    return {
      mount: { from: folder, to: inside, writable: true },
      path,
      close: async () => (await readUntrusted(folder, basename(path), maxBytes)) ?? '',
    };
  }
  const from = join(folder, 'pipe');
  await promisify(execFile)('mkfifo', [from]);
  await chmod(from, 0o666);
  const reader = openSync(from, constants.O_RDONLY | constants.O_NONBLOCK);
  // Held until the end, so that the stream does not end between two writers.
  const writer = openSync(from, constants.O_WRONLY | constants.O_NONBLOCK);
  const text = collected(reader);
  return {
    mount: { from, to: path, writable: false },
    path,
    async close() {
      closeSync(writer);
      return text;
    },
  };
}

function collected(descriptor: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  const socket = new Socket({ fd: descriptor, readable: true, writable: false });
  return new Promise((resolve, reject) => {
    socket.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBytes) chunks.push(chunk);
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')));
  });
}

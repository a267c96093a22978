import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { Socket } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ReportFormat } from '../domain/workflow.ts';

/**
 * Where a check writes its report: a pipe whose other end is here, outside the sandbox. What was written cannot
 * be taken back, replaced or deleted by the code under test; a second report arrives as a second report.
 */
export type ReportPipe = {
  readonly mount: { readonly from: string; readonly to: string; readonly writable: false };
  /** The path inside, which nobody can know before the run. */
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

export async function openReportPipe(scratch: string, format: ReportFormat): Promise<ReportPipe> {
  const folder = join(scratch, 'report');
  await mkdir(folder, { recursive: true });
  await chmod(scratch, 0o755);
  const from = join(folder, randomBytes(16).toString('hex'));
  await promisify(execFile)('mkfifo', ['--mode=0666', from]);
  await chmod(from, 0o666);
  const reader = openSync(from, constants.O_RDONLY | constants.O_NONBLOCK);
  // Held until the end, so that the stream does not end between two writers.
  const writer = openSync(from, constants.O_WRONLY | constants.O_NONBLOCK);
  const text = collected(reader);
  const path = `/run/report-${randomBytes(16).toString('hex')}/report.${endings[format]}`;
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

import { randomBytes } from 'node:crypto';

/** The fence of one request. Nobody who wrote a piece of it can have known it. */
export function createMarker(): string {
  return `slipway-${randomBytes(9).toString('hex')}`;
}

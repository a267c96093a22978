import { createServer } from 'node:net';

/**
 * A uid of its own for every sandbox that runs at the same time, over all processes of this machine: process
 * limits are counted per uid, and jobs must not reach each other's files. The claim is a listening abstract
 * socket, so the kernel gives it back when the claimer dies.
 */
export type Slot = { readonly uid: number; release(): void };

const firstUid = 60_000;
const slots = 256;

export async function claimSlot(): Promise<Slot> {
  for (let slot = 0; slot < slots; slot += 1) {
    const claimed = await listen(`\0slipway-sandbox-${firstUid + slot}`);
    if (claimed) return { uid: firstUid + slot, release: claimed };
  }
  throw new Error(
    `All ${slots} sandbox slots of this machine are taken; wait for running checks to end, or stop some.`,
  );
}

function listen(name: string): Promise<(() => void) | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(name, () => {
      server.unref();
      resolve(() => server.close());
    });
  });
}

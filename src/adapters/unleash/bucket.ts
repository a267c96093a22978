/**
 * Which of the hundred shares of users (1 to 100) an id is in, recomputed apart from the SDK: MurmurHash3
 * (x86, 32 bit, seed 0) modulo 100. Like the SDK of Node it takes the low byte of each character.
 */
export function bucket(id: string, group: string): number {
  return (murmur(`${group}:${id}`) % 100) + 1;
}

function murmur(text: string): number {
  const bytes = Buffer.from(text, 'latin1');
  const at = (index: number) => bytes[index] ?? 0;
  const mixed = (k: number) => {
    const product = Math.imul(k, 0xcc9e2d51);
    return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
  };
  let h = 0;
  const blocks = bytes.length - (bytes.length % 4);
  for (let i = 0; i < blocks; i += 4) {
    h ^= mixed(at(i) | (at(i + 1) << 8) | (at(i + 2) << 16) | (at(i + 3) << 24));
    h = Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64;
  }
  if (blocks < bytes.length) h ^= mixed(at(blocks) | (at(blocks + 1) << 8) | (at(blocks + 2) << 16));
  h ^= bytes.length;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

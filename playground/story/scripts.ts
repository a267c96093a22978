import { fileURLToPath } from 'node:url';
import type { Script } from './first-feature.ts';

/** The story of the demo, with the recorded answers that go with it. */
export const firstFeature: Script & { readonly cassette: string } = {
  channel: '#checkout',
  words: 'Free delivery for orders over €50',
  suggestion: 'Please show in the cart how much is missing until delivery is free.',
  cassette: fileURLToPath(new URL('../model/cassettes/first-feature.yml', import.meta.url)),
};

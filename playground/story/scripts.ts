import { fileURLToPath } from 'node:url';
import { readCassette } from '../model/cassette.ts';
import type { Script } from './first-feature.ts';

const cassette = fileURLToPath(new URL('../model/cassettes/first-feature.yml', import.meta.url));
const { request, suggestion = '' } = await readCassette(cassette);

/** The story of the demo: what is asked and suggested stands in its cassette, beside the answers to it. */
export const firstFeature: Script & { readonly cassette: string } = {
  channel: '#checkout',
  words: request,
  suggestion,
  cassette,
};

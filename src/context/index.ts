/** What the model may see: files ranked, packed to a budget, cleaned and redacted; other text fenced by its source. */
export { type Cleaned, clean } from './clean.ts';
export type { Dependency } from './dependencies.ts';
export { type ContextPack, type ContextRequest, type PackedFile, packContext } from './pack.ts';
export { renderContext } from './render.ts';
export {
  createMarker,
  type Fenced,
  fence,
  fenceThread,
  type Piece,
  type ThreadMessage,
  type TrustLabel,
} from './untrusted.ts';

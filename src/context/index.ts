/** What the model may see: files ranked, packed to a budget, cleaned and redacted. */
export { type Cleaned, clean } from './clean.ts';
export type { Dependency } from './dependencies.ts';
export { createMarker } from './marker.ts';
export { type ContextPack, type ContextRequest, type PackedFile, packContext } from './pack.ts';
export { renderContext } from './render.ts';

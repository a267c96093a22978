import { createRequire } from 'node:module';
import { GlobalFonts } from '@napi-rs/canvas';

const require = createRequire(import.meta.url);

/** Scripts of the font that ships with us; a machine may have no fonts at all. */
const scripts = ['latin', 'latin-ext', 'greek', 'cyrillic', 'vietnamese'] as const;
const weights = [400, 600] as const;

/** The families in the order they are tried, for `font-family`. */
export const fontFamily = scripts.map((script) => `Inter ${script}`).join(', ');

let registered = false;

/** Makes the font known to the canvas, once in a process. */
export function registerFonts(): void {
  if (registered) return;
  for (const script of scripts) {
    for (const weight of weights) {
      const file = require.resolve(`@fontsource/inter/files/inter-${script}-${weight}-normal.woff2`);
      if (!GlobalFonts.registerFromPath(file, `Inter ${script}`))
        throw new Error(`Drawing a chart: the font ${file} cannot be read. Run npm ci again.`);
    }
  }
  registered = true;
}

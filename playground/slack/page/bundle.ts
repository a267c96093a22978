import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The page's three files. They are bundled in memory when somebody first asks for one. */
export type Page = {
  document(): Promise<string>;
  script(): Promise<string>;
  style(): Promise<string>;
};

export function createPage(): Page {
  let bundle: Promise<{ readonly script: string; readonly style: string }> | undefined;
  const bundled = () => {
    bundle ??= bundlePage();
    return bundle;
  };
  return {
    document: async () => DOCUMENT,
    script: async () => (await bundled()).script,
    style: async () => (await bundled()).style,
  };
}

async function bundlePage(): Promise<{ readonly script: string; readonly style: string }> {
  const result = await build({
    entryPoints: ['./main.tsx', './style.css'].map((file) => fileURLToPath(new URL(file, import.meta.url))),
    bundle: true,
    write: false,
    outdir: '/',
    format: 'esm',
    target: 'es2022',
    jsx: 'automatic',
    minify: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    logLevel: 'silent',
  });
  const ending = (name: string) => result.outputFiles.find((file) => file.path.endsWith(name))?.text ?? '';
  return { script: ending('.js'), style: ending('.css') };
}

const DOCUMENT = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Slack playground</title>
    <link rel="stylesheet" href="/page.css">
  </head>
  <body>
    <div id="root"></div>
    <script type="module" src="/page.js"></script>
  </body>
</html>
`;

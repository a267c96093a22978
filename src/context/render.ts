import { fence } from '../domain/fence.ts';
import { type ContextPack, dependencyLines } from './pack.ts';

/** The pack as text for a prompt: each file between markers, labelled as the repository's, not the requester's. */
export function renderContext(pack: ContextPack, marker: string): string {
  const dependencies =
    pack.dependencies.length === 0
      ? []
      : [{ source: 'dependencies, as installed', text: dependencyLines(pack.dependencies) }];
  const files = pack.files.map((file) => ({
    source: file.form === 'whole' ? file.path : `${file.path} (${file.shownLines} of ${file.lines} lines)`,
    text: file.text,
  }));
  return [...dependencies, ...files]
    .map(({ source, text }) => fence({ marker, label: `repository, base commit: ${source}`, text }))
    .join('\n');
}

import type { Change } from './model.ts';
import { type Line, type Workspace, workspaceOn } from './workspace.ts';

/** The workspace of another process, by its address: the same functions over HTTP. */
export function connectSlack(url: string): Workspace {
  return workspaceOn(lineTo(url));
}

/** Requests as `POST /_playground/<name>`, changes as server-sent events. Works in Node and in a browser. */
function lineTo(url: string): Line {
  return {
    async call(name, request) {
      const response = await fetch(`${url}/_playground/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(request),
      });
      if (!response.ok) throw new Error(await response.text());
      return response.json();
    },
    watch(listener) {
      const stop = new AbortController();
      void listen(`${url}/_playground/changes`, listener, stop.signal);
      return () => stop.abort();
    },
  };
}

/** Reads the stream of changes, and begins again when it breaks off. */
async function listen(url: string, listener: (change: Change) => void, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const response = await fetch(url, { signal });
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
      let buffer = '';
      for (;;) {
        const part = await reader?.read();
        if (!part || part.done) break;
        const events = (buffer + part.value).split('\n\n');
        buffer = events.pop() ?? '';
        for (const event of events) {
          if (event.startsWith('data: ')) listener(JSON.parse(event.slice(6)));
        }
      }
    } catch {
      if (signal.aborted) return;
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

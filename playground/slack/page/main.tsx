import { createRoot } from 'react-dom/client';
import { connectSlack } from '../connect-slack.ts';
import { App } from './app.tsx';

// Links that leave the workspace open beside it, as in Slack; the renderer has no setting for that.
document.addEventListener('click', ({ target }) => {
  const link = target instanceof Element ? target.closest('a') : null;
  if (link && link.origin !== location.origin) link.target = '_blank';
});

const root = document.getElementById('root');
if (root) createRoot(root).render(<App workspace={connectSlack('')} />);

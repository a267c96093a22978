import { createRoot } from 'react-dom/client';
import { connectSlack } from '../connect-slack.ts';
import { App } from './app.tsx';

const root = document.getElementById('root');
if (root) createRoot(root).render(<App workspace={connectSlack('')} />);

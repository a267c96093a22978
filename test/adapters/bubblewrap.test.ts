import { existsSync } from 'node:fs';
import { describe } from 'vitest';
import { bubblewrap } from '../../src/adapters/bubblewrap.ts';
import { sandboxContract } from '../contracts/sandbox.ts';

const installed = existsSync('/usr/bin/bwrap');

describe.skipIf(!installed && process.env.CI !== 'true')(
  installed ? 'bubblewrap' : 'bubblewrap (skipped: it is not installed; sudo apt-get install -y bubblewrap)',
  () => sandboxContract('as a sandbox', bubblewrap),
);

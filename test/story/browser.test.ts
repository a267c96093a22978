import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { firstFeature } from '../../playground/story/scripts.ts';
import { needs, pathOf } from '../setup/needs.ts';
import { type Stage, setStage } from './world.ts';

/** How long anything may take on a busy machine; the proof runs twice within it. */
const patience = { timeout: 90_000 };

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

needs('chromium', 'bubblewrap')('the story in a browser', () => {
  let stage: Stage;
  let browser: Browser;
  let page: Page;
  const troubles: string[] = [];

  beforeAll(async () => {
    [stage, browser] = await Promise.all([
      setStage(),
      chromium.launch({ executablePath: pathOf('chromium') ?? '', args: quiet }),
    ]);
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('pageerror', (error) => troubles.push(error.message));
    page.on('console', (line) => line.type() === 'error' && troubles.push(line.text()));
    page.setDefaultTimeout(patience.timeout);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await stage?.close();
  });

  test('people click a request through to its pull request', { timeout: 180_000 }, async () => {
    const bot = await stage.bot();
    await page.goto(stage.world.slack.url);
    const be = (person: string) => page.getByTestId('person').selectOption({ label: person });
    const thread = page.getByTestId('thread-messages');
    const press = (name: string | RegExp) => thread.getByRole('button', { name }).last().click();

    await be('Raj Patel');
    await page.getByRole('button', { name: /checkout/ }).click();
    await page.getByTestId('composer').fill(`/feature ${firstFeature.words}`);
    await page.getByTestId('composer').press('Enter');
    await page.getByTestId('replies').click();

    await thread.getByRole('radio', { name: /No, only above/ }).check();
    await thread.getByRole('radio', { name: /Yes, from/ }).check();
    await press('Send these answers');
    await thread.getByText('answered 2 questions').waitFor();

    await thread.getByRole('button', { name: 'Approve spec v1' }).waitFor();
    await be('Mei Chen');
    await press('Approve spec v1');
    await press('Approve the plan');
    const link = thread.getByRole('link', { name: 'Draft pull request #1' });
    await link.waitFor();
    await thread.getByText('Not proved', { exact: false }).first().waitFor();
    await thread.getByText('Verified', { exact: false }).first().waitFor();

    const [pull] = await Promise.all([page.waitForEvent('popup'), link.click()]);
    await pull
      .getByRole('heading', { name: /Free delivery/ })
      .first()
      .waitFor();
    const said = await pull.locator('body').textContent();
    expect(said).toContain('draft');
    expect(said).toContain('ai-generated');
    expect(said).toContain('AC-3');
    expect(said).toContain('src/free-delivery.ts');

    const state = await stage.feature(bot);
    expect(state).toMatchObject({
      phase: { kind: 'proposed' },
      request: { by: { id: 'U0RAJ' } },
      specApproval: { version: 1, by: { id: 'U0MEI' } },
      plan: { approval: { by: { id: 'U0MEI' } } },
      pullRequest: { number: 1, draft: true },
    });
    expect(state?.rounds[0]).toMatchObject({ byDefault: false, answeredBy: { id: 'U0RAJ' } });
    expect(troubles).toEqual([]);
  });
});

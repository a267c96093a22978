import { afterAll, beforeAll, expect, test } from 'vitest';
import { playFirstFeature } from '../../playground/story/first-feature.ts';
import { firstFeature } from '../../playground/story/scripts.ts';
import { problemsOf, stateOf, summarize } from '../../src/cli/demo/feature-summary.ts';
import { needs } from '../setup/needs.ts';
import { type Stage, setStage } from './world.ts';

needs('bubblewrap')('the first feature', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await setStage();
  });
  afterAll(() => stage.close());

  test('goes from the words in Slack to a proved draft pull request', { timeout: 180_000 }, async () => {
    const bot = await stage.bot();
    const told = await playFirstFeature(stage.world.slack, firstFeature);
    const state = await stateOf(stage.world, bot.url, told);
    const summary = await summarize({ world: stage.world, state, told, durationMs: 0 });
    expect(problemsOf(summary)).toEqual([]);
    expect(summary.feature.attempts.map(({ verdict }) => verdict)).toEqual(['fail', 'pass']);
    const [pull] = stage.world.github.people.pulls('acme/shop');
    expect(pull).toMatchObject({ number: 1, draft: true });
    const spec = await stage.world.github.people.read(
      'acme/shop',
      state.pullRequest?.branch ?? '',
      `specs/${state.id}.md`,
    );
    expect(spec).toContain('**AC-4**');
  });
});

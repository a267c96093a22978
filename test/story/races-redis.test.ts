import { afterAll, beforeAll, expect, test } from 'vitest';
import { playFirstFeature } from '../../playground/story/first-feature.ts';
import { firstFeature } from '../../playground/story/scripts.ts';
import { problemsOf, stateOf, summarize } from '../../src/cli/demo/feature-summary.ts';
import { startRedis, type TestRedis } from '../contracts/queue-redis.ts';
import { needs } from '../setup/needs.ts';
import { type Stage, setStage } from './world.ts';

needs('bubblewrap', 'redis-server')('the bells on Redis', () => {
  let stage: Stage;
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
    stage = await setStage();
  }, 60_000);
  afterAll(async () => {
    await stage.close();
    await redis.stop();
  });

  test('may be lost after every message: the story goes on', { timeout: 240_000 }, async () => {
    const bot = await stage.bot({ REDIS_URL: redis.url });
    const flushes: Promise<void>[] = [];
    const listening = stage.world.slack.onMessage(({ kind }) => {
      if (kind === 'posted') flushes.push(redis.flush());
    });
    const told = await playFirstFeature(stage.world.slack, firstFeature, { patienceMs: 100_000 });
    listening();
    await Promise.all(flushes);
    expect(flushes.length).toBeGreaterThan(5);
    const state = await stateOf(stage.world, bot.url, told);
    const summary = await summarize({ world: stage.world, state, told, durationMs: 0 });
    expect(problemsOf(summary)).toEqual([]);
  });
});

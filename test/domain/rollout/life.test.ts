import { describe, expect, test } from 'vitest';
import { startStory } from './story.ts';

describe('a rollout that goes well', () => {
  test('every stage is proved before the next, the holdback last', () => {
    const story = startStory();
    expect(story.start()).toBeUndefined();
    expect(story.pending()).toContain('read-plan');
    expect(story.readPlan()).toBeUndefined();
    expect(story.pending()).toContain('check-start');
    story.check();
    expect(story.phase()).toBe('rehearsing');
    story.rehearse();
    expect(story.percent()).toBe(1);
    expect(story.pending()).toContain('set-exposure');
    expect(story.pending()).not.toContain('watch');
    story.expose();
    story.tickUntil(() => story.phase() === 'finished');
    const runs = story.state().stages.map(({ percent, left }) => [percent, left]);
    expect(runs).toEqual([
      [1, 'advanced'],
      [5, 'advanced'],
      [25, 'advanced'],
      [50, 'advanced'],
      [99, 'advanced'],
      [100, 'finished'],
    ]);
  });
});

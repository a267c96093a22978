import { describe, expect, test } from 'vitest';
import { planOf } from '../../../src/domain/rollout/plan.ts';
import { rolloutSettings } from '../../../src/domain/rollout/settings.ts';

const metrics = [{ name: 'errors', source: { type: 'events', total: 'a', bad: 'b' } }];

function plan(settings: Readonly<Record<string, unknown>>, chosen: { stages?: readonly number[] } = {}) {
  return planOf(rolloutSettings.parse({ metrics, ...settings }), chosen);
}

function percents(settings: Readonly<Record<string, unknown>>, chosen: { stages?: readonly number[] } = {}) {
  const made = plan(settings, chosen);
  return 'problem' in made ? made.problem : made.stages.map(({ percent }) => percent);
}

describe('the plan of a rollout', () => {
  test('has the usual stages, soaks and tolerances', () => {
    const made = plan({});
    expect(made).toMatchObject({
      environments: ['production'],
      alpha: 0.01,
      stages: [
        { percent: 1, tolerance: 1, minSoakMinutes: 10, maxSoakMinutes: 1440 },
        { percent: 5, tolerance: 0.5 },
        { percent: 25, tolerance: 0.2 },
        { percent: 50, tolerance: 0.1 },
        { percent: 99, tolerance: 0.05 },
      ],
    });
  });

  test.each([
    ['the usual ladder, though two of its steps are fivefold', [1, 5, 25, 50, 99], [1, 5, 25, 50, 99]],
    ['100 % only from a holdback', [1, 4, 16, 50, 100], [1, 4, 16, 50, 99]],
    ['a holdback where there is none', [1, 4, 16, 50], [1, 4, 16, 50, 99]],
    ['a holdback of its own', [1, 4, 16, 60, 95, 100], [1, 4, 16, 60, 95]],
    ['a jump that says why', [{ percent: 10, jump: 'only staff' }, 40], [10, 40, 99]],
    ['the last jump that says why', [1, 4, 16, { percent: 100, jump: 'a text' }], [1, 4, 16, 99]],
  ])('allows %s', (_, stages, expected) => {
    expect(percents({ stages })).toEqual(expected);
  });

  test.each([
    ['a first stage of 10 %', [10, 40, 99], 'From 0 % to 10 % is more than fourfold'],
    ['a jump from 5 to 50', [1, 5, 50, 99], 'From 5 % to 50 % is more than fourfold'],
    [
      'a jump to the added holdback',
      [1, 4, 16],
      'The last stage, 16 %, is below 90 %, so a holdback of 99 % is added before everybody: that is more than fourfold. Add stages up to at least 25 %, or say why at a stage of 99 %: "jump: ...".',
    ],
    [
      'nothing but everybody',
      [100],
      'There is no stage below 100 %, so a holdback of 99 % is added before everybody: that is more than fourfold',
    ],
    ['a soak at 100 %', [1, 5, 25, 50, { percent: 100, minSoakMinutes: 5 }], 'nobody is left there'],
    ['soaks that contradict', [{ percent: 1, minSoakMinutes: 50, maxSoakMinutes: 5 }], 'shortest stay of 50'],
  ])('refuses %s', (_, stages, problem) => {
    expect(percents({ stages })).toContain(problem);
  });

  test('stages chosen with the command keep the settings that the file has for them', () => {
    const made = plan({ stages: [{ percent: 1, tolerance: 3 }, 5] }, { stages: [1, 3, 9, 30] });
    expect(made).toMatchObject({ stages: [{ tolerance: 3 }, { tolerance: 1 }, { tolerance: 0.5 }, {}, {}] });
    expect(percents({}, { stages: [5, 1] })).toContain('From 0 % to 5 %');
    expect(percents({}, { stages: [1, 3, 2] })).toContain('comes after 3 %');
    expect(percents({}, { stages: [0.5] })).toContain('0.5 % is not a stage');
  });

  test.each([
    'FREQ=SOMETIMES',
    'every friday',
    'FREQ=MINUTELY',
    'FREQ=WEEKLY;BYDAY=XX',
    'DTSTART;TZID=Mars/Olympus:20240101T000000\nRRULE:FREQ=DAILY',
  ])('refuses the freeze rule %s', (rule) => {
    expect(plan({ freeze: [{ rule, minutes: 60, why: 'weekend' }] })).toMatchObject({
      problem: expect.stringContaining(
        `The freeze window "weekend" has a rule that cannot be read (${rule})`,
      ),
    });
  });
});

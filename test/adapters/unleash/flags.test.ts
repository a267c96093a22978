import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createUnleash } from '../../../src/adapters/unleash.ts';
import { GiveUp } from '../../../src/errors.ts';
import { standBetween } from './between.ts';
import { type House, inProduction, openHouse, wanted } from './house.ts';

let house: House;
beforeAll(async () => {
  house = await openHouse();
}, 60_000);
afterAll(() => house?.close());

const production = 'production';
/** A flag that is on at a percentage, made by the door. */
async function ramped(flag: string, percent: number) {
  const made = await house.flags.prepare(inProduction(flag), wanted);
  if (percent === 0) return made;
  const change = { strategy: made.strategy, from: 0, to: percent };
  return (await house.flags.setPercent(inProduction(flag), change)).flag;
}

describe('what Unleash does with careless writes, and the door does not do', () => {
  test('on without a strategy gives the flag to everybody; prepare adds one at 0 % before', async () => {
    const { ann, flags } = house;
    await ann.create('careless-on');
    await ann.enable('careless-on', production);
    expect(await ann.strategies('careless-on', production)).toMatchObject([
      { parameters: { rollout: '100' } },
    ]);

    await ann.create('careful-on');
    expect(await flags.look(inProduction('careful-on'))).toEqual({
      enabled: false,
      percent: 0,
      strategy: '',
      stickiness: '',
    });
    const made = await flags.prepare(inProduction('careful-on'), { ...wanted, create: false });
    expect(made).toMatchObject({ enabled: true, percent: 0, stickiness: 'userId' });
    expect(await ann.strategies('careful-on', production)).toMatchObject([
      { id: made.strategy, parameters: { rollout: '0', groupId: 'careful-on' } },
    ]);
  });

  test('on with only disabled strategies adds one at 100 %; prepare adds its own at 0 %', async () => {
    const { ann, flags } = house;
    for (const flag of ['careless-disabled', 'careful-disabled']) {
      await ann.create(flag);
      await ann.addStrategy(flag, production, { disabled: true });
    }
    await ann.enable('careless-disabled', production);
    expect(
      (await ann.strategies('careless-disabled', production)).map((one) => one.parameters.rollout),
    ).toEqual(['10', '100']);
    await flags.prepare(inProduction('careful-disabled'), wanted);
    expect(
      (await ann.strategies('careful-disabled', production)).map(({ disabled, parameters }) => [
        disabled,
        parameters.rollout,
      ]),
    ).toEqual([
      [true, '10'],
      [false, '0'],
    ]);
  });

  test('a PUT without rollout sets 100 %, and without variants wipes them; the patch of the door touches neither', async () => {
    const { ann, flags } = house;
    const variants = [{ name: 'blue', weight: 1000, weightType: 'variable', stickiness: 'default' }];
    await ann.create('put');
    const id = await ann.addStrategy('put', production, {
      parameters: { rollout: '0', stickiness: 'userId', groupId: 'put' },
      variants,
    });
    await flags.setPercent(inProduction('put'), { strategy: id, from: 0, to: 5 });
    expect(await ann.strategies('put', production)).toMatchObject([
      { parameters: { rollout: '5', stickiness: 'userId', groupId: 'put' }, variants: [{ name: 'blue' }] },
    ]);
    const path = `/api/admin/projects/default/features/put/environments/production/strategies/${id}`;
    await ann.ask('PUT', path, {
      name: 'flexibleRollout',
      parameters: { stickiness: 'userId', groupId: 'put' },
    });
    expect(await ann.strategies('put', production)).toMatchObject([
      { parameters: { rollout: '100' }, variants: [] },
    ]);
  });

  test('a number instead of a string is refused, and a test that fails is a crash', async () => {
    const { ann } = house;
    const { strategy } = await ramped('raw-patch', 5);
    const path = `/api/admin/projects/default/features/raw-patch/environments/production/strategies/${strategy}`;
    const replace = (value: unknown) => ({ op: 'replace', path: '/parameters/rollout', value });
    expect((await ann.ask('PATCH', path, [replace(7)])).status).toBe(400);
    const stale = { op: 'test', path: '/parameters/rollout', value: '1' };
    expect((await ann.ask('PATCH', path, [stale, replace('7')])).status).toBe(500);
  });

  test('deleting the last strategy switches the flag off', async () => {
    const { ann, flags } = house;
    await ramped('last', 25);
    const since = new Date(Date.now() - 1).toISOString();
    await ann.removeStrategies('last', production);
    expect(await flags.look(inProduction('last'), { since })).toMatchObject({
      enabled: false,
      percent: 0,
      strategy: '',
      foreign: { by: 'ann@example.com' },
    });
    await expect(flags.on(inProduction('last'))).rejects.toThrow(/has no enabled strategy/);
  });
});

describe('flags whose percentage cannot be vouched for are refused with the reason', () => {
  const odd: readonly [string, (flag: string) => Promise<unknown>, RegExp][] = [
    [
      'a second strategy',
      async (flag) => {
        await ramped(flag, 10);
        await house.ann.addStrategy(flag, production, {
          parameters: { rollout: '10', stickiness: 'userId', groupId: 'b' },
        });
      },
      /has 2 enabled strategies \(flexibleRollout 10 % of group .*, flexibleRollout 10 % of group b\)/,
    ],
    [
      'random stickiness',
      (flag) => adding(flag, { parameters: { rollout: '20', stickiness: 'random', groupId: flag } }),
      /has the stickiness random, so that users flip/,
    ],
    ['150 %', (flag) => adding(flag, percentage('150')), /stands at "150" %.*Clients give it to everybody/],
    ['abc %', (flag) => adding(flag, percentage('abc')), /stands at "abc" %.*Clients give it to nobody/],
    [
      'half a percent',
      (flag) => adding(flag, percentage('0.5')),
      /stands at "0.5" %.*Clients give it to nobody/,
    ],
    [
      'another kind of strategy',
      (flag) => adding(flag, { name: 'default', parameters: {} }),
      /has the strategy default/,
    ],
    [
      'a constraint',
      (flag) =>
        adding(flag, {
          ...percentage('10'),
          constraints: [{ contextName: 'country', operator: 'IN', values: ['NO'] }],
        }),
      /has 1 constraint/,
    ],
    [
      'an archived flag',
      async (flag) => {
        await house.ann.create(flag);
        await house.ann.archive(flag);
      },
      /is archived, so that nobody gets it/,
    ],
    ['no such flag', async () => undefined, /There is no flag odd-.* in project default/],
  ];
  const percentage = (rollout: string) => ({ parameters: { rollout, stickiness: 'userId', groupId: 'g' } });
  const adding = async (flag: string, body: Parameters<House['ann']['addStrategy']>[2]) => {
    await house.ann.create(flag);
    await house.ann.addStrategy(flag, production, body);
  };

  test.each(odd)('%s', async (name, make, because) => {
    const flag = `odd-${name.replaceAll(/\W/g, '-')}`;
    await make(flag);
    const looked = house.flags.look(inProduction(flag));
    await expect(looked).rejects.toThrow(because);
    await expect(looked).rejects.toBeInstanceOf(GiveUp);
    await expect(house.flags.prepare(inProduction(flag), { ...wanted, create: false })).rejects.toThrow(
      because,
    );
  });

  test('no such environment, or project', async () => {
    await house.ann.create('placed');
    await expect(house.flags.look({ ...inProduction('placed'), environment: 'moon' })).rejects.toThrow(
      'The flag placed has no environment moon; it has development, production.',
    );
    await expect(house.flags.look({ ...inProduction('placed'), project: 'moon' })).rejects.toThrow(
      /There is no flag placed in project moon .* there's a feature with that name in project "default"/,
    );
  });

  test('an archived flag is not made again under its name', async () => {
    await house.ann.create('buried');
    await house.ann.archive('buried');
    await expect(house.flags.prepare(inProduction('buried'), wanted)).rejects.toThrow(/is archived/);
  });

  test('another stickiness than the wanted one, or random asked for', async () => {
    await ramped('sticky', 0);
    await expect(
      house.flags.prepare(inProduction('sticky'), { ...wanted, stickiness: 'sessionId' }),
    ).rejects.toThrow(/has the stickiness userId, and sessionId is asked for/);
    await expect(
      house.flags.prepare(inProduction('never'), { ...wanted, stickiness: 'random' }),
    ).rejects.toThrow(/may not have the stickiness random/);
  });
});

describe('setting the percentage', () => {
  test('goes from what it was to what is wanted, and is done once', async () => {
    const flag = await ramped('step', 0);
    const change = { strategy: flag.strategy, from: 0, to: 5 };
    expect(await house.flags.setPercent(inProduction('step'), change)).toEqual({
      kind: 'set',
      flag: { ...flag, percent: 5 },
    });
    expect(await house.flags.setPercent(inProduction('step'), change)).toMatchObject({ kind: 'set' });
  });

  test('is a conflict when somebody had set another one', async () => {
    const { strategy } = await ramped('other', 5);
    await house.ann.setPercent('other', production, 50);
    expect(await house.flags.setPercent(inProduction('other'), { strategy, from: 5, to: 25 })).toMatchObject({
      kind: 'conflict',
      flag: { percent: 50 },
    });
  });

  test('is a conflict when somebody sets another one between our look and our write', async () => {
    const { strategy } = await ramped('race', 5);
    await withBetween(
      async ({ method }) => {
        if (method === 'PATCH') await house.ann.setPercent('race', production, 50);
        return 'pass' as const;
      },
      async (flags) => {
        expect(await flags.setPercent(inProduction('race'), { strategy, from: 5, to: 25 })).toMatchObject({
          kind: 'conflict',
          flag: { percent: 50 },
        });
      },
    );
    expect(await house.ann.strategies('race', production)).toMatchObject([{ parameters: { rollout: '50' } }]);
  });

  test('is a conflict when the strategy was replaced by another', async () => {
    const { strategy } = await ramped('replaced', 5);
    await house.ann.removeStrategies('replaced', production);
    const other = await house.ann.addStrategy('replaced', production);
    expect(
      await house.flags.setPercent(inProduction('replaced'), { strategy, from: 5, to: 25 }),
    ).toMatchObject({ kind: 'conflict', flag: { strategy: other, enabled: false } });
  });

  test('counts when its answer was lost, and not when the request was', async () => {
    const { strategy } = await ramped('lost', 5);
    const change = { strategy, from: 5, to: 25 };
    await withBetween(
      ({ method }) => (method === 'PATCH' ? 'lose-answer' : 'pass'),
      async (flags) => {
        expect(await flags.setPercent(inProduction('lost'), change)).toMatchObject({ kind: 'set' });
      },
    );
    await withBetween(
      ({ method }) => (method === 'PATCH' ? { status: 502, body: {} } : 'pass'),
      async (flags) => {
        await expect(
          flags.setPercent(inProduction('lost'), { strategy, from: 25, to: 50 }),
        ).rejects.toMatchObject({ name: 'TryAgain', message: expect.stringContaining('502') });
      },
    );
  });

  test('goes down though somebody made the flag odd, and not up', async () => {
    const { strategy } = await ramped('down', 25);
    await house.ann.addStrategy('down', production);
    const up = house.flags.setPercent(inProduction('down'), { strategy, from: 25, to: 50 });
    await expect(up).rejects.toThrow(/2 enabled strategies/);
    await expect(house.flags.setPercent(inProduction('down'), { strategy, from: 25, to: 0 })).rejects.toThrow(
      /2 enabled strategies/,
    );
    expect((await house.ann.strategies('down', production)).map((one) => one.parameters.rollout)).toEqual([
      '0',
      '10',
    ]);
  });

  test.each([0.5, 101, -1, Number.NaN])('%d %% is refused', async (to) => {
    await expect(house.flags.setPercent(inProduction('any'), { strategy: 's', from: 0, to })).rejects.toThrow(
      /takes whole numbers from 0 to 100/,
    );
  });
});

describe('changes by others', () => {
  const edits: readonly [string, (flag: string) => Promise<unknown>, string][] = [
    ['percentage', (flag) => house.ann.setPercent(flag, production, 50), 'set it from 5 to 50 %'],
    [
      'group',
      (flag) =>
        house.ann.patch(flag, production, [{ op: 'replace', path: '/parameters/groupId', value: 'b' }]),
      'changed its group from foreign-group to b, which deals all users anew',
    ],
    [
      'stickiness',
      (flag) =>
        house.ann.patch(flag, production, [
          { op: 'replace', path: '/parameters/stickiness', value: 'sessionId' },
        ]),
      'changed its stickiness from userId to sessionId, which deals all users anew',
    ],
    ['off', (flag) => house.ann.disable(flag, production), 'switched it off'],
  ];
  test.each(edits)('%s: who, what and when', async (name, edit, what) => {
    const flag = `foreign-${name}`;
    await ramped(flag, 5);
    const since = new Date(Date.now() - 1).toISOString();
    expect(await house.flags.look(inProduction(flag), { since })).not.toHaveProperty('foreign');
    await edit(flag);
    const { foreign } = await house.flags.look(inProduction(flag), { since });
    expect(foreign).toMatchObject({ by: 'ann@example.com', what });
    expect(Date.parse(foreign?.at ?? '')).toBeGreaterThanOrEqual(Date.parse(since));
    const later = new Date(Date.parse(foreign?.at ?? '') + 1).toISOString();
    expect(await house.flags.look(inProduction(flag), { since: later })).not.toHaveProperty('foreign');
  });

  test('in another environment, or of the description, do not count', async () => {
    await ramped('elsewhere', 5);
    const since = new Date(Date.now() - 1).toISOString();
    await house.ann.addStrategy('elsewhere', 'development');
    await house.ann.ask('PATCH', '/api/admin/projects/default/features/elsewhere', [
      { op: 'replace', path: '/description', value: 'new' },
    ]);
    expect(await house.flags.look(inProduction('elsewhere'), { since })).not.toHaveProperty('foreign');
  });

  test('are named where the flag cannot be vouched for any more', async () => {
    await ramped('named', 5);
    const since = new Date(Date.now() - 1).toISOString();
    await house.ann.addStrategy('named', production);
    await expect(house.flags.look(inProduction('named'), { since })).rejects.toThrow(
      /2 enabled strategies .* Last change: ann@example.com added the strategy flexibleRollout at 10 %, 20/,
    );
  });
});

describe('off and on', () => {
  test('off is off, also twice, and on again only at 0 %', async () => {
    const { flags } = house;
    const place = inProduction('switch');
    const { strategy } = await ramped('switch', 25);
    expect(await flags.off(place)).toEqual({ route: 'off' });
    expect(await flags.off(place)).toEqual({ route: 'off' });
    expect(await flags.look(place)).toMatchObject({ enabled: false, percent: 25 });
    await expect(flags.on(place)).rejects.toThrow(/stands at 25 %, and is switched on at 0 % only/);
    await flags.setPercent(place, { strategy, from: 25, to: 0 });
    expect(await flags.on(place)).toMatchObject({ enabled: true, percent: 0 });
    expect(await flags.on(place)).toMatchObject({ enabled: true, percent: 0 });
  });

  test('off is well where the flag was archived meanwhile, and not where there never was one', async () => {
    await ramped('gone', 25);
    await house.ann.archive('gone');
    expect(await house.flags.off(inProduction('gone'))).toEqual({ route: 'off' });
    await expect(house.flags.off(inProduction('misspelt'))).rejects.toThrow(
      /There's no feature named "misspelt"/,
    );
  });

  test('off is not well in an environment that there is none of', async () => {
    await ramped('astray', 25);
    await expect(house.flags.off({ ...inProduction('astray'), environment: 'prod' })).rejects.toThrow(
      /has no environment prod; it has development, production/,
    );
  });

  test('off does not mind what people did to the strategies', async () => {
    await ramped('mixed', 25);
    await house.ann.addStrategy('mixed', production, { name: 'default', parameters: {} });
    expect(await house.flags.off(inProduction('mixed'))).toEqual({ route: 'off' });
  });

  test.each([
    ['refuses', { status: 500, body: { message: 'boom' } }],
    ['does not answer', 'hang'],
  ] as const)('where off %s, every strategy goes to nobody instead', async (how, fate) => {
    const name = `zero-${how.replaceAll(' ', '-')}`;
    await ramped(name, 25);
    await house.ann.addStrategy(name, production, { name: 'default', parameters: {} });
    await withBetween(
      ({ path }) => (path.endsWith('/off') ? fate : 'pass'),
      async (flags) => {
        expect(await flags.off(inProduction(name))).toEqual({ route: 'zero' });
        if (fate === 'hang') return;
        expect(await flags.off(inProduction(name))).toEqual({ route: 'zero' });
      },
    );
    expect(
      (await house.ann.strategies(name, production)).map((one) => [
        one.name,
        one.disabled,
        one.parameters.rollout,
      ]),
    ).toEqual([
      ['flexibleRollout', false, '0'],
      ['default', true, undefined],
    ]);
  });

  test('when somebody takes the strategy away while we enable, nobody gets it', async () => {
    const { strategy } = await ramped('snatched', 0);
    expect(strategy).not.toBe('');
    await house.flags.off(inProduction('snatched'));
    await withBetween(
      async ({ path }) => {
        if (path.endsWith('/on')) await house.ann.removeStrategies('snatched', production);
        return 'pass' as const;
      },
      async (flags) => {
        await expect(flags.on(inProduction('snatched'))).rejects.toThrow(
          /it was no longer at 0 %: it is off again/,
        );
      },
    );
    expect(await house.flags.look(inProduction('snatched'))).toMatchObject({ enabled: false });
  });
});

async function withBetween(
  decide: Parameters<typeof standBetween>[1],
  story: (flags: House['flags']) => Promise<void>,
): Promise<void> {
  const between = await standBetween(house.unleash.url, decide);
  const flags = createUnleash({ ...house.unleash, url: between.url });
  try {
    await story(flags);
  } finally {
    await flags.close();
    await between.close();
  }
}

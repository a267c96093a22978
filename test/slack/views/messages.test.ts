import { describe, expect, test } from 'vitest';
import type { FeatureState } from '../../../src/domain/feature/state.ts';
import type { ViewOptions } from '../../../src/slack/views/index.ts';
import { ana, mei, raj, specOf, startStory, thinking } from '../../domain/feature/story.ts';
import { expectWellMade, labels, screenOf } from './screen.ts';

const options: ViewOptions = { webUrl: 'https://slipway.test', approvers: ['U0RAJ', 'U0MEI', 'U0MARIA'] };
const part = { title: 'Threshold', words: 'Orders over €50 ship free.' };

type Story = ReturnType<typeof startStory>;

/** A feature brought to where a message can be looked at. */
const stories = {
  'asked in a channel of several': (story: Story) => {
    story.ask({ repositories: ['acme/shop', 'acme/api'] });
  },
  'asked where there are many': (story: Story) => {
    story.ask({ repositories: Array.from({ length: 140 }, (_, index) => `acme/service-${index}`) });
  },
  'repository chosen': (story: Story) => {
    story.ask({ repositories: ['acme/shop', 'acme/api'] });
    story.send({ type: 'choose-repository', name: 'acme/api' }, raj);
  },
  questions: (story: Story) => {
    story.ask();
    story.read();
    story.interview(2);
  },
  'questions answered': (story: Story) => {
    stories.questions(story);
    const answers = [{ question: 'Q-1', answer: 'No' }];
    story.send({ type: 'answer', round: 1, answers, byDefault: false }, raj);
  },
  'defaults used': (story: Story) => {
    stories.questions(story);
    story.send({ type: 'answer', round: 1, answers: [], byDefault: true }, raj);
  },
  'split proposed': (story: Story) => {
    story.ask();
    story.read();
    story.interview(0);
    const parts = [part, { title: 'Banner', words: 'Say what is missing.' }];
    story.answer({ type: 'split-proposed', key: story.key(), parts, thinking: thinking(), notes: [] });
  },
  'split done': (story: Story) => {
    stories['split proposed'](story);
    story.send({ type: 'decide-split', split: true }, raj);
  },
  'split declined': (story: Story) => {
    stories['split proposed'](story);
    story.send({ type: 'decide-split', split: false }, raj);
  },
  'spec written': (story: Story) => {
    story.ask();
    story.read();
    story.interview(0);
    story.specify();
  },
  'suggestion made': (story: Story) => {
    stories['spec written'](story);
    story.send({ type: 'say', ts: '2.0', text: 'Show what is missing <!channel>' }, ana);
  },
  'suggestion accepted': (story: Story) => {
    stories['suggestion made'](story);
    story.send({ type: 'decide-suggestion', ts: '2.0', accept: true }, raj);
  },
  'suggestion declined': (story: Story) => {
    stories['suggestion made'](story);
    story.send({ type: 'decide-suggestion', ts: '2.0', accept: false }, raj);
  },
  'second spec': (story: Story) => {
    stories['suggestion accepted'](story);
    const criteria = [
      { id: 'AC-1', text: 'An order of exactly €50.00 ships free.' },
      { id: 'AC-3', text: 'The cart shows what is missing.' },
    ];
    story.specify({ criteria, goal: 'Ship free, and say so.' }, ['2.0']);
  },
  'spec approved': (story: Story) => {
    stories['second spec'](story);
    story.approve();
  },
  rejected: (story: Story) => {
    stories['spec written'](story);
    story.send({ type: 'reject', seen: 1, because: 'We do this in *June*' }, mei);
  },
  'plan open': (story: Story) => {
    story.ask();
    story.read();
    story.interview(0);
    story.specify({ risk: { level: 'high', because: 'it touches money' } });
    story.approve();
    story.plan();
    story.writeTests();
  },
  'plan approved': (story: Story) => {
    stories['plan open'](story);
    story.send({ type: 'approve-plan', hash: 'plan-1' }, mei);
  },
  'failed once': (story: Story) => {
    story.untilProof();
    story.prove('fail', ['ships free']);
  },
  deciding: (story: Story) => {
    stories['failed once'](story);
    story.build('repair');
    story.prove('fail', ['ships free']);
  },
  retried: (story: Story) => {
    stories.deciding(story);
    story.send({ type: 'retry', attempt: 2, note: 'mind the euro sign', ts: '9.0' }, raj);
  },
  'taken over': (story: Story) => {
    stories.deciding(story);
    story.send({ type: 'take-over', attempt: 2 }, raj);
  },
  stopped: (story: Story) => {
    stories.deciding(story);
    story.send({ type: 'stop' }, mei);
  },
  'could not be proved': (story: Story) => {
    story.untilProof();
    story.prove('unknown');
  },
  blocked: (story: Story) => {
    story.ask();
    const key = story.key();
    story.answer({
      type: 'gave-up',
      key,
      because: 'no access to acme/shop\n• line 2: <x>\n• line 5: y',
      suggestion: 'version: 1\nowner: "@raj"',
    });
  },
  'tried again': (story: Story) => {
    stories.blocked(story);
    story.send({ type: 'try-again', step: story.state().step }, raj);
  },
  'over budget': (story: Story) => {
    story.ask();
    story.read();
    story.interview(0);
    story.specify();
    story.approve();
    story.plan();
  },
  'budget raised': (story: Story) => {
    stories['over budget'](story);
    story.send({ type: 'raise-budget', step: story.state().step, to: 6 }, mei);
  },
  proposed: (story: Story) => {
    story.untilProof();
    story.prove('pass');
    story.propose();
  },
} satisfies Record<string, (story: Story) => void>;

function reach(name: keyof typeof stories): FeatureState {
  const story = startStory(name.includes('budget') ? { budget: 0.25 } : {});
  stories[name](story);
  return story.state();
}

function newestOf(state: FeatureState, kind: string): string {
  return state.messages.findLast((message) => message.about.kind === kind)?.key ?? `no ${kind}`;
}

type Expected = {
  readonly says: readonly (string | RegExp)[];
  readonly hides?: readonly (string | RegExp)[];
  readonly buttons: readonly string[];
  readonly fallback: string;
};

const table: readonly (readonly [keyof typeof stories, string, Expected])[] = [
  [
    'asked in a channel of several',
    'repository-picker',
    {
      says: ['<@U0RAJ>, which repository is "Orders over €50 ship free." for?'],
      buttons: ['Use acme/shop', 'Use acme/api'],
      fallback: 'raj, which repository is "Orders over €50 ship free." for?',
    },
  ],
  [
    'asked where there are many',
    'repository-picker',
    {
      says: ['acme/service-99', '… (40 more)'],
      hides: ['acme/service-100'],
      buttons: ['Use this repository'],
      fallback: 'raj, which repository is "Orders over €50 ship free." for?',
    },
  ],
  [
    'repository chosen',
    'repository-picker',
    { says: ['`acme/api`'], hides: ['acme/shop'], buttons: [], fallback: 'The repository is acme/api.' },
  ],
  [
    'questions',
    'questions',
    {
      says: [
        '<@U0RAJ>, 2 questions',
        '1. Does exactly €50 ship free?',
        'Default: assumed without an answer',
        'in your own words in this thread',
      ],
      buttons: ['Send these answers', 'Use defaults', 'Answer in own words…'],
      fallback: 'raj, 2 questions before the spec is written: Does exactly €50 ship free?',
    },
  ],
  [
    'questions answered',
    'questions',
    {
      says: [
        '<@U0RAJ> answered 2 questions · <!date^1795255200^{time}|10:00 UTC>:\nDoes exactly €50 ship free? → *No*\n',
        '→ *Yes*',
      ],
      hides: ['own words'],
      buttons: [],
      fallback: 'raj answered 2 questions.',
    },
  ],
  [
    'defaults used',
    'questions',
    { says: ['<@U0RAJ> kept the defaults'], buttons: [], fallback: 'raj kept the defaults of 2 questions.' },
  ],
  [
    'split proposed',
    'split',
    {
      says: [
        '<@U0RAJ>, the goal does not fit in three sentences',
        '• *Threshold*: Orders over €50 ship free.',
      ],
      buttons: ['Split into 2 smaller features', 'Keep it as one feature'],
      fallback: 'raj, this is large; split it into 2 smaller features?',
    },
  ],
  [
    'split declined',
    'split',
    {
      says: ['Kept as one feature by <@U0RAJ>.'],
      buttons: [],
      fallback: 'Kept as one feature by raj.',
    },
  ],
  [
    'split done',
    'ended',
    {
      says: ['Split into 2 smaller features by <@U0RAJ>', 'a feature of its own', '*Banner*'],
      buttons: ['View log'],
      fallback: 'This feature was split into 2 smaller features; each of them becomes a feature of its own.',
    },
  ],
  [
    'spec written',
    'spec',
    {
      says: [
        'Spec v1: Free shipping',
        '*AC-1* An order of €50.00 ships free.',
        '*Risk* low: one pure function',
        '`free-shipping`',
        '*Files likely touched* `src/shipping.ts`',
        '`npx vitest run`',
        '$0.50, 5 minutes',
        '<@U0MEI> is asked to approve this.',
      ],
      hides: ['Changes since', 'Approved by', '<@U0RAJ>', '<@U0MARIA>'],
      buttons: ['Approve spec v1', 'Edit spec v1…', 'Reject spec v1…'],
      fallback: 'Spec v1 "Free shipping" with 2 criteria waits for approval.',
    },
  ],
  [
    'second spec',
    'spec',
    {
      says: [
        /^Spec v2: Free shipping\n\*Changes since v1\*/,
        '~ AC-1 An order of exactly €50.00 ships free. (was: An order of €50.00 ships free.)',
        '+ AC-3 The cart shows what is missing.',
        '− AC-2 An order of €49.99 pays €4.90.',
        'Also changed: goal.',
      ],
      buttons: ['Approve spec v2', 'Edit spec v2…', 'Reject spec v2…'],
      fallback: 'Spec v2 "Free shipping" with 2 criteria waits for approval.',
    },
  ],
  [
    'suggestion accepted',
    'spec',
    {
      says: ['Spec v1 is being revised; v2 follows in this thread.'],
      hides: ['is asked to approve'],
      buttons: [],
      fallback: 'Spec v1 "Free shipping" is no longer open.',
    },
  ],
  [
    'spec approved',
    'spec',
    {
      says: ['Approved by <@U0MEI> · <!date^1795255200^{time}|10:00 UTC>'],
      hides: ['is asked to approve'],
      buttons: [],
      fallback: 'Spec v2 "Free shipping" was approved by mei.',
    },
  ],
  [
    'rejected',
    'spec',
    {
      says: ['Rejected by <@U0MEI>', 'We do this in *June*'],
      buttons: [],
      fallback: 'Spec v1 "Free shipping" is no longer open.',
    },
  ],
  [
    'rejected',
    'ended',
    {
      says: ['Rejected by mei, for <@U0RAJ> to know', 'We do this in *June*.', '`f-test` stays on record'],
      buttons: ['View log'],
      fallback: 'mei rejected this feature: We do this in *June*',
    },
  ],
  [
    'suggestion made',
    'suggestion',
    {
      says: ['<@U0RAJ>, ana suggests:', '> Show what is missing &lt;!channel&gt;'],
      buttons: ['Accept this suggestion', 'Decline it'],
      fallback: 'raj, ana suggests: Show what is missing &lt;!channel&gt;',
    },
  ],
  [
    'suggestion accepted',
    'suggestion',
    {
      says: ['was accepted', '> Show'],
      buttons: [],
      fallback: 'The suggestion of ana was accepted; it counts as the requester’s own words.',
    },
  ],
  [
    'suggestion declined',
    'suggestion',
    { says: ['was declined'], buttons: [], fallback: 'The suggestion of ana was declined.' },
  ],
  [
    'plan open',
    'plan',
    {
      says: [
        'Plan: 2 tasks',
        '*T-1* Threshold · AC-1\n      src/shipping.ts',
        'in `test/shipping.test.ts`\nAC-1 ships free',
        '<@U0MEI> is asked to approve the plan, since the risk is high: it touches money',
      ],
      buttons: ['Approve the plan', 'Ask for changes…', 'Stop'],
      fallback: 'The plan of 2 tasks waits for approval, since the risk is high.',
    },
  ],
  [
    'plan approved',
    'plan',
    { says: ['Approved by <@U0MEI> · <!date'], buttons: [], fallback: 'The plan was approved by mei.' },
  ],
  [
    'failed once',
    'proof',
    {
      says: [
        '✖ Not proved · attempt 1 of 3',
        'Criteria: 0 of 2 proved',
        '✖ *AC-1* An order of €50.00 ships free. · red on base → red\n      `ships free` expected 0, received 490\n',
        'Attempt 2 mends what failed.',
      ],
      buttons: [],
      fallback: '✖ Not proved · attempt 1 of 3: 1 tests fail.',
    },
  ],
  [
    'deciding',
    'proof',
    {
      says: ['attempt 2 of 3', '<@U0RAJ>, how should it go on?', 'in circles'],
      buttons: ['Retry with a note…', 'Take over', 'Stop, keep branch'],
      fallback: '✖ Not proved · attempt 2 of 3: 1 tests fail.',
    },
  ],
  [
    'retried',
    'proof',
    {
      says: ['Attempt 3 mends what failed.'],
      buttons: [],
      fallback: '✖ Not proved · attempt 2 of 5: 1 tests fail.',
    },
  ],
  [
    'taken over',
    'proof',
    {
      says: ['Taken over by <@U0RAJ> · <!date'],
      buttons: [],
      fallback: '✖ Not proved · attempt 2 of 3: 1 tests fail.',
    },
  ],
  [
    'could not be proved',
    'proof',
    {
      says: ['⚠ Could not be proved', 'how should it go on?'],
      buttons: ['Retry with a note…', 'Take over', 'Stop, keep branch'],
      fallback: '⚠ Could not be proved · attempt 1 of 3: 0 tests fail.',
    },
  ],
  [
    'proposed',
    'proof',
    {
      says: ['✔ Verified', '✔ *AC-1*', 'red on base → green', 'in pull request #7'],
      buttons: [],
      fallback: '✔ Verified · attempt 1 of 3: All 2 criteria are proved.',
    },
  ],
  [
    'taken over',
    'ended',
    {
      says: ['Taken over by <@U0RAJ>'],
      buttons: ['View log'],
      fallback: 'raj has taken this feature over; no further attempt is made here.',
    },
  ],
  [
    'stopped',
    'ended',
    {
      says: [
        'Stopped by mei, for <@U0RAJ> to know',
        '*Done* spec v1, spec approval, plan, tests for the criteria and code',
        '*Remains* proof and pull request',
      ],
      buttons: ['View log'],
      fallback: 'mei stopped this feature.',
    },
  ],
  [
    'blocked',
    'blocked',
    {
      says: [
        '<@U0RAJ>, reading the repository is blocked.\nNo access to acme/shop.',
        '• line 2: &lt;x&gt;\n• line 5: y',
        '```\nversion: 1\nowner: "@raj"\n```',
      ],
      buttons: ['Try again: reading the repository', 'Stop', 'View log'],
      fallback: 'raj, reading the repository is blocked: no access to acme/shop',
    },
  ],
  [
    'tried again',
    'blocked',
    {
      says: ['Was blocked: No access to acme/shop.', 'It was tried again.'],
      buttons: [],
      fallback: 'It was tried again. It had been blocked: no access to acme/shop',
    },
  ],
  [
    'over budget',
    'budget',
    {
      says: ['$0.30 of $0.25 is spent, and writing the tests comes next.', '<@U0MEI> is asked to raise'],
      buttons: ['Raise the budget…', 'Stop', 'View log'],
      fallback:
        '$0.30 of $0.25 is spent; writing the tests waits until someone who may approve raises the budget.',
    },
  ],
  [
    'budget raised',
    'budget',
    {
      says: ['the budget was raised'],
      buttons: [],
      fallback: '$0.30 of $0.25 is spent; the budget was raised to $6.00, and work went on.',
    },
  ],
  [
    'proposed',
    'pull-request',
    {
      says: [
        '<http://forge.test/acme/shop/pull/7|Draft pull request #7>',
        '1 of 2 criteria proved',
        '`src/shipping.ts`',
        "<@U0MEI> is asked to review it: a person has to, and raj's own approval does not count.",
      ],
      buttons: ['View log'],
      fallback:
        'Draft pull request #7 for "Free shipping" is open with 1 of 2 criteria proved; a person has to review it.',
    },
  ],
];

describe('a message says what the state says', () => {
  test.each(table)('%s: %s', (name, kind, { says, hides = [], buttons, fallback }) => {
    const state = reach(name);
    const screen = screenOf(state, newestOf(state, kind), options);
    for (const one of says) expect(screen.text).toMatch(typeof one === 'string' ? literally(one) : one);
    for (const one of hides) expect(screen.text).not.toMatch(typeof one === 'string' ? literally(one) : one);
    expect(labels(screen)).toEqual(buttons);
    expect(screen.fallback).toBe(fallback);
    expectWellMade(screen, kind);
  });
});

function literally(text: string): RegExp {
  return new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
}

const cards: readonly (readonly [keyof typeof stories, string, string, readonly string[]])[] = [
  [
    'asked in a channel of several',
    '*◐ Waiting for the repository*',
    '◉ Spec ▸ ○ Plan',
    ['Stop', 'Add a note…', 'View log'],
  ],
  [
    'questions',
    'Waiting for <@U0RAJ> to answer 2 questions.',
    '◉ Spec ▸ ○ Plan',
    ['Stop', 'Add a note…', 'View log'],
  ],
  [
    'spec written',
    'Waiting for <@U0MEI> to approve spec v1.',
    '◉ Spec ▸ ○ Plan',
    ['Stop', 'Add a note…', 'View log'],
  ],
  [
    'spec approved',
    'spec v2 (approved by <@U0MEI>, <!date',
    '▣ Spec ▸ ◉ Plan',
    ['Stop', 'Add a note…', 'View log'],
  ],
  [
    'plan open',
    'Waiting for <@U0MEI> to approve the plan.',
    '▣ Spec ▸ ◉ Plan ▸ ○ Build',
    ['Stop', 'Add a note…', 'View log'],
  ],
  [
    'plan approved',
    'Now: writing code: task 1 of 2, Threshold.',
    '▣ Plan ▸ ◉ Build ▸ ○ Verify',
    ['Stop', 'Add a note…', 'View log'],
  ],
  [
    'failed once',
    '*● Building (attempt 2 of 3)*',
    '▣ Plan ▸ ◉ Build ▸ ○ Verify',
    ['Stop', 'Add a note…', 'View log'],
  ],
  [
    'deciding',
    'Waiting for <@U0RAJ> to decide how to go on',
    '▣ Build ▸ ◉ Verify',
    ['Stop', 'Add a note…', 'View log'],
  ],
  ['blocked', '*◐ Blocked while reading the repository*', '◉ Spec', ['Stop', 'Add a note…', 'View log']],
  ['over budget', '$0.30 of $0.25 spent', '▣ Spec', ['Stop', 'Add a note…', 'View log']],
  ['stopped', '*✖ Stopped*', '▣ Build ▸ ○ Verify ▸ ○ Pull request', []],
  ['proposed', '*✔ In pull request #7, waiting for review*', '▣ Verify ▸ ▣ Pull request', []],
];

describe('the card says where the feature stands, what it costs and who asked', () => {
  test.each(cards)('%s', (name, says, progress, buttons) => {
    const screen = screenOf(reach(name), 'card', options);
    expect(screen.text).toContain(says);
    expect(screen.text).toContain(progress);
    expect(screen.text).toMatch(/\$\d+\.\d\d (of \$\d+\.\d\d )?spent · started by <@U0RAJ>/);
    expect(screen.text).toContain('`f-test`');
    expect(labels(screen)).toEqual(buttons);
    expectWellMade(screen, 'card');
  });
});

test('a slash command leaves no message, so the bot opens the thread with the words that were asked', () => {
  const story = startStory();
  const { message: _message, ...request } = { message: '', words: 'Ship <free>\nsoon' };
  story.send({ type: 'ask', id: 'f-test', channel: 'C0SHOP', repositories: ['acme/shop'], ...request }, raj);
  const screen = screenOf(story.state(), 'root');
  expect(screen.text).toBe('<@U0RAJ> asked for a feature:\n> Ship &lt;free&gt;\n> soon');
  expect(screen.fallback).toBe('raj asked for a feature: Ship &lt;free&gt; soon');
  expectWellMade(screen, 'root');
});

test('a superseded spec points to the newer one and cannot be pressed', () => {
  const screen = screenOf(reach('second spec'), 'spec/1', options);
  expect(screen.fallback).toBe('Spec v1 was superseded by spec v2, further down in this thread.');
  expect(screen.text).toContain('*AC-2* An order of €49.99 pays €4.90.');
  expect(screen.buttons).toEqual([]);
});

describe('who is asked', () => {
  test('without known approvers nobody is called, but it is said who can act', () => {
    const state = reach('spec written');
    const screen = screenOf(state, 'spec/1');
    expect(screen.text).toContain('someone who may approve is asked to approve this.');
    expect(screen.text).not.toContain('<@');
  });

  test('the requester is not asked to approve or review their own feature', () => {
    const only = { approvers: ['U0RAJ'] };
    expect(screenOf(reach('spec written'), 'spec/1', only).text).not.toContain('<@');
    expect(screenOf(reach('proposed'), 'pull-request', only).text).not.toContain('<@');
  });
});

test('without run pages there is no link to them; nor with an address that is none of the web', () => {
  const state = reach('questions');
  expect(labels(screenOf(state, 'card'))).toEqual(['Stop', 'Add a note…']);
  expect(labels(screenOf(state, 'card', { webUrl: 'javascript:alert(1)//' }))).toEqual([
    'Stop',
    'Add a note…',
  ]);
  const [, , log] = screenOf(state, 'card', options).blocks.flatMap((block) =>
    block.type === 'actions' ? block.elements : [],
  );
  expect(log).toMatchObject({ url: 'https://slipway.test/features/f-test' });
});

test('buttons carry what the person saw, and what cannot be undone is asked about', () => {
  const spec = screenOf(reach('second spec'), 'spec/2', options);
  expect(spec.buttons.map(({ action }) => action)).toEqual([
    { action: 'approve-spec', value: { id: 'f-test', version: 2, hash: 'hash-2' } },
    { action: 'edit-spec', value: { id: 'f-test', version: 2 } },
    { action: 'reject', value: { id: 'f-test', version: 2 } },
  ]);
  const proof = screenOf(reach('deciding'), 'proof/2', options);
  expect(proof.buttons.map(({ action }) => action)).toEqual([
    { action: 'retry', value: { id: 'f-test', attempt: 2 } },
    { action: 'take-over', value: { id: 'f-test', attempt: 2 } },
    { action: 'stop', value: { id: 'f-test' } },
  ]);
  const danger = [spec, proof, screenOf(reach('questions'), 'card', options)].flatMap(({ blocks }) =>
    blocks.flatMap((block) => (block.type === 'actions' ? block.elements : [])),
  );
  const stops = danger.filter((one) => one.type === 'button' && one.action_id === 'slipway.stop');
  expect(stops).toHaveLength(2);
  for (const stop of stops) expect(stop).toMatchObject({ style: 'danger', confirm: { style: 'danger' } });
});

test('every message of every story is well made, with and without options', () => {
  let drawn = 0;
  for (const name of Object.keys(stories)) {
    if (!(name in stories)) continue;
    const story = startStory(name.includes('budget') ? { budget: 0.25 } : {});
    const play = Object.entries(stories).find(([other]) => other === name)?.[1];
    play?.(story);
    for (const { key, about } of story.state().messages) {
      expectWellMade(screenOf(story.state(), key, options), about.kind);
      expectWellMade(screenOf(story.state(), key), about.kind);
      drawn += 1;
    }
  }
  expect(drawn).toBeGreaterThan(70);
});

test('a spec with nothing but the necessary has no empty parts', () => {
  const story = startStory();
  story.ask();
  story.read();
  story.interview(0);
  story.specify({ ...specOf(), inputs: [], outputs: [], files: [], validation: [] });
  const { text } = screenOf(story.state(), 'spec/1');
  expect(text).not.toMatch(/\*(Inputs|Outputs|Constraints|Out of scope|Patterns to follow)\*/);
  expect(text).toContain('*Files likely touched* none named');
});

test('a proof says each thing that is wrong once', () => {
  const state = reach('failed once');
  const [attempt] = state.attempts;
  const id = 'test/shipping.test.ts > shipping > AC-1: ships free';
  const proof = {
    verdict: 'fail',
    because: '"test" does not hold.',
    report: 'blob',
    checks: [
      { name: 'types', verdict: 'pass', because: 'It ended with status 0.', head: { passed: 0, failed: 0 } },
      { name: 'test', verdict: 'fail', because: '2 fail.', head: { passed: 65, failed: 2 } },
      { name: 'build', verdict: 'fail', because: 'It ended with status 1.', head: { passed: 0, failed: 0 } },
    ],
    criteria: [
      { id: 'AC-1', test: id, base: 'red', head: 'red' },
      { id: 'AC-2', test: 'says what is missing', base: 'red', head: 'green' },
    ],
    findings: [
      { gate: 'criteria', severity: 'block', because: `AC-1: its test "${id}" fails on the head.` },
      { gate: 'size', severity: 'block', because: '900 lines changed; 400 are allowed.' },
      { gate: 'tests', severity: 'review', path: 'test/cart.test.ts', line: 7, because: 'A test changed.' },
    ],
    failing: [`test: ${id}`, 'test: cart > adds up'],
    failures: [
      { test: id, message: 'AssertionError: expected 490 to be 0' },
      { test: 'cart > adds up', message: 'expected 3, received 4' },
      { test: 'criteria', message: `AC-1: its test "${id}" fails on the head.` },
      { test: 'size', message: '900 lines changed; 400 are allowed.' },
    ],
    milliseconds: 12_000,
  } as const;
  const screen = screenOf({ ...state, attempts: attempt ? [{ ...attempt, proof }] : [] }, 'proof/1', options);
  expect(screen.text.split('\n').slice(1, -1)).toEqual([
    '*Criteria: 1 of 2 proved*',
    '✖ *AC-1* An order of €50.00 ships free. · red on base → red',
    '      `AC-1: ships free` expected 490 to be 0',
    expect.stringMatching(/^✔ \*AC-2\* .+ · red on base → green$/),
    '*Also wrong*',
    '✖ `cart &gt; adds up` expected 3, received 4',
    '✖ `size` 900 lines changed; 400 are allowed.',
    '✖ `build` It ended with status 1.',
    '*For the reviewer*',
    '⚠ tests in `test/cart.test.ts:7`: A test changed.',
    '✔ types · ✖ test, 2 of 67 failed · ✖ build · clean checkout, 12 s',
  ]);
});

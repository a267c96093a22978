import { describe, expect, test } from 'vitest';
import { feature } from '../../../src/domain/feature/feature.ts';
import { pendingJobs } from '../../../src/domain/feature/pending.ts';
import { ana, mei, proofOf, raj, specOf, startStory } from './story.ts';

describe('a feature that goes well', () => {
  test('a failed attempt is mended and ends in a draft pull request', () => {
    const story = startStory();
    expect(story.ask()).toBeUndefined();
    expect(story.work()).toBe('read-repository');
    story.read();
    expect(story.work()).toBe('interview');
    story.interview(2);
    expect(story.phase()).toBe('answering');
    story.send(
      { type: 'answer', round: 1, answers: [{ question: 'Q-1', answer: 'No' }], byDefault: false },
      raj,
    );
    expect(story.state().rounds[0]?.answers).toEqual([
      { question: 'Q-1', answer: 'No' },
      { question: 'Q-2', answer: 'Yes' },
    ]);
    story.specify();
    expect(story.phase()).toBe('reviewing-spec');
    expect(story.approve()).toBeUndefined();
    story.plan();
    story.writeTests();
    expect(story.work()).toBe('build');
    story.build('T-1');
    story.build('T-2');
    expect(story.work()).toBe('prove');
    story.prove('fail', ['AC-1']);
    expect(story.state().attempts.at(-1)).toMatchObject({ number: 2, scope: 'repair', change: 'change-T-2' });
    story.build('repair');
    story.prove('pass');
    expect(story.work()).toBe('propose');
    story.propose();
    expect(story.phase()).toBe('proposed');
    expect(story.state().attempts.map((attempt) => attempt.proof?.verdict)).toEqual(['fail', 'pass']);
    expect(story.state().spent.dollars).toBeCloseTo(0.7, 10);
  });

  test('several repositories: a picker, never a guess', () => {
    const story = startStory();
    story.ask({ repositories: ['acme/shop', 'acme/pay'] });
    expect(story.phase()).toBe('choosing-repository');
    expect(story.send({ type: 'choose-repository', name: 'acme/pay' }, ana)).toContain('Only raj');
    expect(story.send({ type: 'choose-repository', name: 'acme/other' }, raj)).toContain(
      'acme/other is not a repository',
    );
    expect(story.send({ type: 'choose-repository', name: 'acme/pay' }, raj)).toBeUndefined();
    expect(story.state().repositoryName).toBe('acme/pay');
    expect(story.work()).toBe('read-repository');
  });

  test('medium risk waits for a person to approve the plan with its tests', () => {
    const story = startStory();
    story.ask();
    story.read();
    story.interview(0);
    story.specify({ risk: { level: 'medium', because: 'touches prices' } });
    story.approve();
    story.plan();
    story.writeTests();
    expect(story.phase()).toBe('reviewing-plan');
    expect(story.send({ type: 'approve-plan', hash: 'plan-1' }, raj)).toContain('"approve"');
    expect(story.send({ type: 'approve-plan', hash: 'plan-0' }, mei)).toContain('older plan');
    expect(story.send({ type: 'approve-plan', hash: 'plan-1' }, mei)).toBeUndefined();
    expect(story.work()).toBe('build');
  });

  test('a request that is too large is split or kept by its requester', () => {
    for (const split of [true, false]) {
      const story = startStory();
      story.ask();
      story.read();
      story.interview(0);
      const parts = [
        { title: 'Threshold', words: 'Free from €50' },
        { title: 'Countries', words: 'Only in the EU' },
      ];
      story.answer({
        type: 'split-proposed',
        key: story.key(),
        parts,
        thinking: {
          cost: { model: 'm', inputTokens: 1, outputTokens: 1, dollars: 0 },
          prompt: 'p',
          answer: 'a',
        },
        notes: [],
      });
      expect(story.phase()).toBe('splitting');
      expect(story.send({ type: 'decide-split', split }, ana)).toContain('Only raj');
      story.send({ type: 'decide-split', split }, raj);
      expect(split ? story.phase() : story.work()).toBe(split ? 'split' : 'specify');
    }
  });
});

describe('attempts', () => {
  test('the same failing set twice stops early and asks a person', () => {
    const story = startStory().untilProof();
    story.prove('fail', ['AC-1']);
    story.build('repair');
    story.prove('fail', ['AC-1']);
    expect(story.phase()).toBe('deciding');
    expect(story.because()).toContain('failed in the same way');
  });

  test('the third attempt starts anew; after it a person decides', () => {
    const story = startStory().untilProof();
    story.prove('fail', ['a', 'b']);
    story.build('repair');
    story.prove('fail', ['b']);
    expect(story.state().attempts.at(-1)).toMatchObject({ number: 3, scope: 'all', change: 'change-tests' });
    story.build('T-1');
    story.build('T-2');
    story.prove('fail', ['c']);
    expect(story.phase()).toBe('deciding');
    expect(story.because()).toContain('All 3 attempts failed');
    expect(story.send({ type: 'retry', attempt: 2, note: '', ts: '9.1' }, raj)).toContain(
      'attempt 3 is the newest',
    );
    expect(story.send({ type: 'retry', attempt: 3, note: 'Use >=', ts: '9.1' }, raj)).toBeUndefined();
    expect(story.state().attempts.at(-1)).toMatchObject({ number: 4, scope: 'repair' });
    expect(story.state().attemptsAllowed).toBe(6);
  });

  test('what cannot be proved is not tried again by itself', () => {
    const story = startStory().untilProof();
    story.prove('unknown');
    expect(story.phase()).toBe('deciding');
  });

  test('a test that does not tell the change from the base is written anew', () => {
    const story = startStory().untilProof();
    story.answer({
      type: 'proved',
      key: story.key(),
      proof: {
        verdict: 'fail',
        because: 'AC-1 is green on base.',
        report: 'r',
        checks: [],
        criteria: [{ id: 'AC-1', test: 'ships free', base: 'green', head: 'green' }],
        findings: [],
        failing: ['AC-1'],
        failures: [],
        milliseconds: 1,
      },
    });
    expect(story.work()).toBe('write-tests');
    story.writeTests();
    expect(story.state().attempts.at(-1)).toMatchObject({ number: 2, scope: 'all' });
  });

  test('words that come in during the last proof are worked in before the pull request', () => {
    const story = startStory().untilProof();
    story.send({ type: 'say', ts: '5.0', text: 'Name it freeShippingFrom' }, raj);
    story.prove('pass');
    expect(story.state().attempts.at(-1)).toMatchObject({ number: 2, scope: 'repair' });
    story.build('repair', ['5.0']);
    story.prove('pass');
    expect(story.work()).toBe('propose');
  });
});

describe('people', () => {
  const refusals: readonly [string, (story: ReturnType<typeof startStory>) => string | undefined, string][] =
    [
      ['empty words', (story) => story.ask({ words: '  ' }), 'Say what the feature should do'],
      ['no repository', (story) => story.ask({ repositories: [] }), 'No repository is set for this channel'],
      [
        'no right to ask',
        (story) => story.ask({}, { kind: 'person', id: 'U0X', name: 'x', rights: [] }),
        '"request"',
      ],
      ['a job asking', (story) => story.ask({}, { kind: 'job', name: 'x' }), 'Only a person'],
      [
        'a person answering for a job',
        (story) => {
          story.ask();
          return story.send({ type: 'proved', key: story.key(), proof: proofOf('pass') }, raj);
        },
        'Only a job',
      ],
    ];
  test.each(refusals)('%s is refused with a sentence', (_name, act, sentence) => {
    expect(act(startStory())).toContain(sentence);
  });

  test('asking twice with the same id changes nothing', () => {
    const story = startStory();
    story.ask();
    const before = story.state();
    expect(story.ask()).toBeUndefined();
    expect(story.state()).toBe(before);
  });

  test("a colleague's words are a suggestion; the requester's acceptance makes the next version", () => {
    const story = startStory();
    story.ask();
    story.read();
    story.interview(0);
    story.specify();
    story.send({ type: 'say', ts: '2.0', text: 'Not for express orders' }, ana);
    expect(story.phase()).toBe('reviewing-spec');
    expect(story.send({ type: 'decide-suggestion', ts: '2.0', accept: true }, ana)).toContain('Only raj');
    story.send({ type: 'decide-suggestion', ts: '2.0', accept: true }, raj);
    expect(story.work()).toBe('specify');
    expect(story.send({ type: 'decide-suggestion', ts: '2.0', accept: false }, raj)).toContain(
      'accepted already',
    );
    story.specify({ criteria: [...specOf().criteria, { id: 'AC-3', text: 'Express orders pay.' }] }, ['2.0']);
    expect(story.state().specs).toHaveLength(2);
    expect(story.state().marks['2.0']?.wanted).toBe('done');
    expect(story.send({ type: 'approve-spec', version: 1, hash: 'hash-1' }, mei)).toContain(
      'v2 is the newest',
    );
    expect(story.approve()).toBeUndefined();
    expect(story.approve()).toContain('approved by mei already');
  });

  test("the requester's words change the spec at once", () => {
    const story = startStory();
    story.ask();
    story.read();
    story.interview(1);
    story.send({ type: 'say', ts: '3.0', text: 'Yes, and only in the EU' }, raj);
    expect(story.work()).toBe('specify');
    story.specify({}, ['3.0']);
    story.send({ type: 'say', ts: '3.1', text: 'The threshold is €60' }, raj);
    expect(story.work()).toBe('specify');
    expect(story.send({ type: 'approve-spec', version: 1, hash: 'hash-1' }, mei)).toContain('being revised');
  });

  test('words that come in while the spec is written make another version', () => {
    const story = startStory();
    story.ask();
    story.read();
    story.interview(0);
    story.send({ type: 'say', ts: '4.0', text: 'Only in the EU' }, raj);
    story.specify();
    expect(story.work()).toBe('specify');
    story.specify({}, ['4.0']);
    expect(story.phase()).toBe('reviewing-spec');
  });

  test('stop says what was done, what was in progress and what remains', () => {
    const story = startStory().untilProof();
    expect(story.send({ type: 'stop' }, ana)).toContain('"stop"');
    expect(story.send({ type: 'stop' }, raj)).toBeUndefined();
    expect(story.state().phase).toMatchObject({
      kind: 'stopped',
      done: ['spec v1', 'spec approval', 'plan', 'tests for the criteria', 'code'],
      inProgress: 'proving the change',
      remains: ['proof', 'pull request'],
    });
    expect(pendingJobs(story.state()).map((job) => job.name)).not.toContain('prove');
    expect(story.send({ type: 'stop' }, raj)).toContain('was stopped');
  });

  test('the budget pauses and asks, and goes on where it paused', () => {
    const story = startStory({ budget: 0.25 });
    story.ask();
    story.read();
    story.interview(0);
    story.specify();
    story.approve();
    story.plan();
    expect(story.phase()).toBe('over-budget');
    const step = story.state().step;
    expect(story.send({ type: 'raise-budget', step, to: 0.1 }, mei)).toContain('has to be higher');
    expect(story.send({ type: 'raise-budget', step, to: 2 }, raj)).toContain('"approve"');
    story.send({ type: 'raise-budget', step, to: 2 }, mei);
    expect(story.work()).toBe('write-tests');
  });

  test('a job that gave up asks a person and is tried again', () => {
    const story = startStory();
    story.ask();
    story.answer({ type: 'gave-up', key: story.key(), because: 'The bot cannot see acme/shop.' });
    expect(story.state().phase).toMatchObject({ kind: 'blocked', on: 'read-repository' });
    const step = story.state().step;
    expect(story.send({ type: 'try-again', step }, raj)).toBeUndefined();
    expect(story.send({ type: 'try-again', step }, raj)).toContain('goes on already');
    expect(story.work()).toBe('read-repository');
  });
});

describe('jobs', () => {
  test('a late answer is refused and changes nothing', () => {
    const story = startStory();
    story.ask();
    const late = story.key();
    story.read();
    const before = story.state();
    expect(story.answer({ type: 'gave-up', key: late, because: 'too late' })).toContain('late');
    expect(story.state()).toBe(before);
  });

  test('new messages go out one by one, in order, and edits of posted ones beside them', () => {
    const slash = startStory();
    slash.send({ type: 'ask', id: 'f-1', words: 'x', channel: 'C', repositories: ['a/b'] }, raj);
    const tells = () => pendingJobs(slash.state()).filter((job) => job.name === 'tell');
    expect(tells().map((job) => job.key)).toEqual(['tell/root/0']);
    slash.answer({ type: 'told', key: 'tell/root/0', message: 'root', version: 1, ts: '1.0' });
    expect(feature.placeOf(slash.state())).toEqual({ channel: 'C', thread: '1.0' });
    const [card] = tells();
    expect(card?.key).toBe('tell/card/0');
    const version = slash.state().messages.find((message) => message.key === 'card')?.version ?? 0;
    slash.answer({ type: 'told', key: 'tell/card/0', message: 'card', version, ts: '1.1' });
    expect(tells()).toEqual([]);
    slash.read();
    expect(tells().map((job) => job.key)).toEqual([`tell/card/${version}`]);
  });

  test('a message that cannot be shown does not hold up the work', () => {
    const story = startStory();
    story.ask();
    story.answer({ type: 'gave-up', key: 'tell/card/0', because: 'The channel is archived.' });
    expect(story.work()).toBe('read-repository');
    expect(pendingJobs(story.state()).filter((job) => job.name === 'tell')).toEqual([]);
  });
});

describe('unfinished work', () => {
  const keep = (story: ReturnType<typeof startStory>) =>
    pendingJobs(story.state()).find((job) => job.name === 'keep-branch')?.key;

  test('goes to a branch when a person takes over, once', () => {
    const story = startStory().untilProof();
    story.prove('unknown');
    story.send({ type: 'take-over', attempt: 1 }, raj);
    const key = keep(story);
    expect(key).toBeDefined();
    const kept = { branch: 'slipway/f-test', url: 'http://forge.test/tree/x', headSha: 'a'.repeat(40) };
    expect(story.answer({ type: 'branch-kept', key: key ?? '', ...kept })).toBeUndefined();
    expect(story.state().kept).toEqual(kept);
    expect(keep(story)).toBeUndefined();
    expect(story.answer({ type: 'branch-kept', key: key ?? '', ...kept })).toContain('late');
  });

  test('that cannot be put on a branch is said, and nothing is tried for ever', () => {
    const story = startStory().untilProof();
    story.send({ type: 'stop' }, raj);
    story.answer({ type: 'gave-up', key: keep(story) ?? '', because: 'The repository is read-only.' });
    expect(story.state().kept).toEqual({
      because: 'What was built could not be put on a branch: The repository is read-only.',
    });
    expect(keep(story)).toBeUndefined();
  });

  test('is not kept when nothing was built', () => {
    const story = startStory();
    story.ask();
    story.send({ type: 'stop' }, raj);
    expect(keep(story)).toBeUndefined();
  });
});

describe('after the pull request', () => {
  const owed = (story: ReturnType<typeof startStory>) =>
    pendingJobs(story.state()).filter((job) => ['watch-pull-request', 'start-rollout'].includes(job.name));
  const proposed = (rollout: boolean) => {
    const story = startStory({ rollout }).untilProof();
    story.prove('pass');
    story.propose();
    return story;
  };
  const merge = (story: ReturnType<typeof startStory>) =>
    story.answer({
      type: 'pull-request-merged',
      key: owed(story)[0]?.key ?? '',
      sha: 'a'.repeat(40),
      by: 'maria',
    });

  test('its merge is noticed, and its rollout is owed once', () => {
    const story = proposed(true);
    expect(owed(story).map(({ name }) => name)).toEqual(['watch-pull-request']);
    expect(merge(story)).toBeUndefined();
    expect(story.state().phase).toMatchObject({ kind: 'merged', by: 'maria', sha: 'a'.repeat(40) });
    const [start] = owed(story);
    expect(start?.name).toBe('start-rollout');
    story.answer({ type: 'rollout-started', key: start?.key ?? '', rollout: 'r-test' });
    expect(story.state().rollout).toEqual({ id: 'r-test' });
    expect(owed(story)).toEqual([]);
    expect(story.answer({ type: 'rollout-started', key: start?.key ?? '', rollout: 'r-2' })).toContain(
      'late',
    );
  });

  test('without a rollout part in its workflow it ends with the merge', () => {
    const story = proposed(false);
    merge(story);
    expect(owed(story)).toEqual([]);
  });

  test('a pull request that is closed ends it', () => {
    const story = proposed(true);
    story.answer({ type: 'pull-request-closed', key: owed(story)[0]?.key ?? '' });
    expect(story.phase()).toBe('closed');
    expect(owed(story)).toEqual([]);
  });

  test('a rollout that cannot be started is said, and not tried for ever', () => {
    const story = proposed(true);
    merge(story);
    story.answer({ type: 'gave-up', key: owed(story)[0]?.key ?? '', because: 'Guests may not.' });
    expect(story.state().rollout).toEqual({
      because: 'The rollout could not be started: Guests may not. Start it with /rollout start.',
    });
    expect(owed(story)).toEqual([]);
  });
});

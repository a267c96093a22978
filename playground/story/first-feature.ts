import type { Workspace } from '../slack/workspace.ts';
import { type Act, actIn, textOf } from './act.ts';

/** Who says what in a story; the cassette of the same story holds the model's answers. */
export type Script = {
  readonly channel: string;
  readonly words: string;
  /** What the colleague suggests once the first spec is there. */
  readonly suggestion: string;
};

export type Told = {
  /** Timestamp of the thread's first message. */
  readonly thread: string;
  /** From the command until the card was in the thread. */
  readonly cardAfterMs: number;
};

const raj = 'U0RAJ';
const ana = 'U0ANA';
const mei = 'U0MEI';

/**
 * The story of the first feature: raj asks, keeps the defaults, accepts what ana suggests; mei approves the
 * spec, and the plan when its risk asks for it. Ends when the pull request is in the thread.
 */
export async function playFirstFeature(
  slack: Workspace,
  script: Script,
  options: {
    /** How long people wait for what comes next. */
    readonly patienceMs?: number;
  } = {},
): Promise<Told> {
  const { patienceMs = 60_000 } = options;
  const act = actIn(slack, { patienceMs });
  const asked = performance.now();
  await act.command(raj, script.channel, `/feature ${script.words}`);
  const root = await slack.waitFor(
    ({ messages }) => messages.findLast((message) => message.byBot && textOf(message).includes(script.words)),
    { timeoutMs: patienceMs, what: 'the thread of the feature' },
  );
  const thread = root.threadTs ?? root.ts;
  await slack.waitFor(
    ({ messages }) => messages.some((message) => message.byBot && message.threadTs === thread),
    { timeoutMs: patienceMs, what: 'the card' },
  );
  const cardAfterMs = Math.round(performance.now() - asked);

  await act.press(raj, thread, /use defaults/i);
  await act.see(thread, /spec v1/i);
  await act.say(ana, script.channel, thread, script.suggestion);
  await act.press(raj, thread, /accept/i);
  await act.press(mei, thread, /approve spec v2/i);
  await approvePlanIfAsked({ slack, act, thread, patienceMs });
  // The message of its own, not the card, which says it first.
  await slack.waitFor(
    ({ messages }) =>
      messages.some((message) => String(message.metadata?.event_payload.key).endsWith('/pull-request')),
    { timeoutMs: 2 * patienceMs, what: 'the pull request in the thread' },
  );
  return { thread, cardAfterMs };
}

async function approvePlanIfAsked(stage: {
  readonly slack: Workspace;
  readonly act: Act;
  readonly thread: string;
  readonly patienceMs: number;
}): Promise<void> {
  const { slack, act, thread, patienceMs } = stage;
  const next = await slack.waitFor(
    ({ messages }) => {
      const texts = messages.filter((message) => message.threadTs === thread).map(textOf);
      if (texts.some((text) => /approve the plan|approve plan/i.test(text))) return 'plan';
      return texts.some((text) => /attempt 1/i.test(text)) && 'going on';
    },
    { timeoutMs: patienceMs, what: 'the plan or the first attempt' },
  );
  if (next === 'plan') await act.press(mei, thread, /approve (the )?plan/i);
}

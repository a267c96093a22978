import { createHash } from 'node:crypto';
import type { PersonCommand } from '../domain/feature/commands.ts';
import type { FeatureState } from '../domain/feature/state.ts';
import { canonical } from '../engine/json.ts';
import { ask } from './asks.ts';
import { type Desk, type PersonActor, type Spot, sendAs, sendToRollout, tellPrivately } from './desk.ts';
import { type Inbound, readBody } from './inbound.ts';
import { decodeModal, type Modal, type ModalValue } from './views/actions.ts';
import {
  type Read,
  readAsk,
  readBudget,
  readNote,
  readOverride,
  readOwnWords,
  readReason,
  readRetry,
  readSpecEdit,
} from './views/index.ts';

type Submission = Extract<Inbound, { kind: 'submission' }>;
/** What a dialog asks for: a new feature, or something of one that exists. */
type Wish =
  | {
      readonly kind: 'ask';
      readonly words: string;
      readonly channel: string;
      readonly message: string | undefined;
    }
  | { readonly kind: 'command'; readonly id: string; readonly command: PersonCommand }
  | ({ readonly kind: 'override'; readonly reason: string } & ModalValue<'rollout-override'>);

/** What is answered to a dialog at once: its mistakes by block id; undefined when it has none, or is none of ours. */
export async function mistakesOf(
  desk: Pick<Desk, 'engine' | 'longest'>,
  body: unknown,
): Promise<
  { readonly response_action: 'errors'; readonly errors: Readonly<Record<string, string>> } | undefined
> {
  const seen = readBody(body, '');
  const read = seen.kind === 'submission' ? await wishOf(desk, seen, '') : undefined;
  return read && 'errors' in read ? { response_action: 'errors', errors: read.errors } : undefined;
}

/** Does what a dialog asks for. `source` is the same however often it is handled. */
export async function submit(desk: Desk, seen: Submission, by: PersonActor, source: string): Promise<void> {
  const read = await wishOf(desk, seen, source);
  if (!read || 'errors' in read) return;
  const wish = read.value;
  if (wish.kind === 'ask') {
    const spot: Spot = { user: seen.user, channel: wish.channel };
    return ask(desk, { source, words: wish.words, message: wish.message, by, spot });
  }
  if (wish.kind === 'override') return override(desk, wish, by);
  const saved = await desk.engine.read('feature', wish.id);
  const channel = saved?.state.request?.channel ?? '';
  const spot: Spot = { user: seen.user, channel, thread: saved?.place?.thread };
  if (!saved) return tellPrivately(desk, spot, `The feature ${wish.id} of this dialog does not exist.`);
  await sendAs(desk, { id: wish.id, command: wish.command, by, spot });
}

/** The rollout may have moved while the person was writing. */
async function override(
  desk: Desk,
  wish: Extract<Wish, { kind: 'override' }>,
  by: PersonActor,
): Promise<void> {
  const { id, environment, stage, reason } = wish;
  const state = (await desk.engine.read('rollout', id))?.state;
  const spot: Spot = { user: by.id, channel: state?.channel ?? '', thread: state?.thread };
  if (!state) return tellPrivately(desk, spot, `The rollout ${id} of this dialog does not exist.`);
  if (state.environment !== environment || state.stage !== stage)
    return tellPrivately(desk, spot, 'The rollout has moved since you opened the dialog. Nothing happened.');
  await sendToRollout(desk, { id, command: { type: 'ask-override', reason }, by, spot });
}

async function wishOf(
  desk: Pick<Desk, 'engine' | 'longest'>,
  seen: Submission,
  source: string,
): Promise<Read<Wish> | undefined> {
  const modal = decodeModal(seen.callback, seen.metadata);
  if (!modal) return undefined;
  if (modal.modal === 'ask') {
    const { channel, message } = modal.value;
    return readAs(readAsk(seen.values), (words) => ({ kind: 'ask', words, channel, message }));
  }
  if (modal.modal === 'rollout-override') {
    const { value } = modal;
    return readAs(readOverride(seen.values), (reason) => ({ kind: 'override', reason, ...value }));
  }
  const saved = await desk.engine.read('feature', modal.value.id);
  const command = commandOf(modal, seen, { state: saved?.state, source });
  return readAs(command, (wanted) => ({ kind: 'command', id: modal.value.id, command: wanted }));
}

function readAs<From, To>(read: Read<From>, change: (value: From) => To): Read<To> {
  return 'errors' in read ? read : { value: change(read.value) };
}

function commandOf(
  modal: Exclude<Modal, { modal: 'ask' | 'rollout-override' }>,
  { values }: Submission,
  context: { readonly state: FeatureState | undefined; readonly source: string },
): Read<PersonCommand> {
  const { state, source } = context;
  switch (modal.modal) {
    case 'edit-spec': {
      const seen = modal.value.version;
      return readAs(readSpecEdit({ specs: state?.specs ?? [], seen }, values), (spec) => ({
        type: 'edit-spec',
        seen,
        spec,
        hash: createHash('sha256').update(canonical(spec)).digest('hex'),
      }));
    }
    case 'reject':
      return { value: { type: 'reject', seen: modal.value.version, because: readReason(values) } };
    case 'retry':
      return { value: { type: 'retry', attempt: modal.value.attempt, note: readRetry(values), ts: source } };
    case 'raise-budget':
      return readAs(readBudget(values), (to) => ({ type: 'raise-budget', step: modal.value.step, to }));
    case 'answer-in-own-words': {
      const { round } = modal.value;
      const questions = state?.rounds[round - 1]?.questions ?? [];
      return readAs(readOwnWords({ questions }, values), (answers) => ({
        type: 'answer',
        round,
        answers,
        byDefault: false,
      }));
    }
    case 'add-note':
      return readAs(readNote(values), (text) => ({ type: 'say', ts: source, text }));
  }
}

import { z } from 'zod';

const id = z.string().min(1).max(100);
const version = z.int().min(1);
const hash = z.string().min(1).max(200);
const ts = z.string().min(1).max(40);
const step = z.int().min(0);

const seen = {
  round: z.strictObject({ id, round: version }),
  spec: z.strictObject({ id, version }),
  attempt: z.strictObject({ id, attempt: version }),
  step: z.strictObject({ id, step }),
  feature: z.strictObject({ id }),
  rollout: z.strictObject({ id }),
  /** Where the rollout was: the index of its environment and of its stage. */
  stage: z.strictObject({ id, environment: z.int().min(0), stage: z.int().min(-1) }),
  /** Since when it stood still. */
  moment: z.strictObject({ id, at: ts }),
};

const click = <Name extends string, Value extends z.ZodType>(action: Name, value: Value) =>
  z.strictObject({ action: z.literal(action), value });

/**
 * Every button, and what its value carries: the id of the feature or rollout and what the person saw, so that a stale click is
 * refused. Nothing in a value is trusted: it is parsed, and the process holds it against its state.
 */
const action = z.discriminatedUnion('action', [
  /** Without a name the choice is in the message's select (`readRepository`). */
  click('choose-repository', z.strictObject({ id, name: z.string().min(1).max(150).optional() })),
  click('use-defaults', seen.round),
  /** The choices are in the message's inputs (`readAnswers`). */
  click('answer', seen.round),
  click('answer-in-own-words', seen.round),
  click('approve-spec', z.strictObject({ id, version, hash })),
  click('edit-spec', seen.spec),
  click('reject', seen.spec),
  click('decide-suggestion', z.strictObject({ id, ts, accept: z.boolean() })),
  click('decide-split', z.strictObject({ id, split: z.boolean() })),
  click('approve-plan', z.strictObject({ id, hash })),
  click('retry', seen.attempt),
  click('take-over', seen.attempt),
  click('try-again', seen.step),
  click('raise-budget', seen.step),
  click('stop', seen.feature),
  click('add-note', seen.feature),
  /** A link; Slack tells of the click all the same. */
  click('view-log', seen.feature),
  click('rollout-begin', seen.step),
  /** Stopping is never stale. */
  click('rollout-hold', seen.rollout),
  click('rollout-halt', seen.rollout),
  click('rollout-roll-back', seen.rollout),
  click('rollout-resume', seen.moment),
  click('rollout-back', seen.stage),
  click('rollout-advance', seen.stage),
  click('rollout-override', seen.stage),
  click('rollout-confirm', seen.moment),
  click('rollout-fix', seen.rollout),
  click('rollout-remove-flag', seen.rollout),
]);

/** A click, with what the person saw. */
export type Action = z.infer<typeof action>;
export type ActionName = Action['action'];
/** A click on a message about a rollout. */
export type RolloutAction = Extract<Action, { action: `rollout-${string}` }>;
export type FeatureAction = Exclude<Action, RolloutAction>;
export type ActionValue<Name extends ActionName> = Extract<Action, { action: Name }>['value'];

const dialog = <Name extends string, Value extends z.ZodType>(modal: Name, value: Value) =>
  z.strictObject({ modal: z.literal(modal), value });

/** Every dialog, and what it carries from the button that opened it to its submission. */
const modal = z.discriminatedUnion('modal', [
  dialog('ask', z.strictObject({ channel: id, message: ts.optional() })),
  dialog('edit-spec', seen.spec),
  dialog('reject', seen.spec),
  dialog('retry', seen.attempt),
  dialog('raise-budget', seen.step),
  dialog('answer-in-own-words', seen.round),
  dialog('add-note', seen.feature),
  dialog('rollout-override', seen.stage),
]);

/** A submitted dialog, with what it was opened for. */
export type Modal = z.infer<typeof modal>;
export type ModalName = Modal['modal'];
export type ModalValue<Name extends ModalName> = Extract<Modal, { modal: Name }>['value'];

const prefix = 'slipway.';

/** The id of a button; buttons of one action in one message differ by `which`. */
export function actionId(name: ActionName, which?: string): string {
  return `${prefix}${name}${which === undefined ? '' : `.${which}`}`;
}

/** The id of a dialog, as Slack sends it back with the submission. */
export function callbackId(name: ModalName): string {
  return `${prefix}${name}`;
}

/** A button's value; the limits of its parts keep it below Slack's 2,000 characters. */
export function encode<Name extends ActionName>(name: Name, value: ActionValue<Name>): string {
  return JSON.stringify(action.parse({ action: name, value }).value);
}

/** A dialog's private metadata; the limits of its parts keep it below Slack's 3,000 characters. */
export function encodeModal<Name extends ModalName>(name: Name, value: ModalValue<Name>): string {
  return JSON.stringify(modal.parse({ modal: name, value }).value);
}

/** What a click means; undefined when it is none of our buttons or its value is not one we wrote. */
export function decode(clicked: string, text: string): Action | undefined {
  return action.safeParse({ action: nameIn(clicked), value: json(text) }).data;
}

/** What a submitted dialog was opened for; undefined when it is none of ours. */
export function decodeModal(callback: string, metadata: string): Modal | undefined {
  return modal.safeParse({ modal: nameIn(callback), value: json(metadata) }).data;
}

function nameIn(given: string): string | undefined {
  return given.startsWith(prefix) ? given.slice(prefix.length).split('.')[0] : undefined;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a click is on a message about a rollout. */
export function isRolloutAction(action: Action): action is RolloutAction {
  return action.action.startsWith('rollout-');
}

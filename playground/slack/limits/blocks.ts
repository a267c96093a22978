import { z } from 'zod';
import type { Block } from '../model.ts';
import { Refusal } from '../refusal.ts';
import { freshId } from '../world.ts';
import { block } from './block-schema.ts';
import { pointerPath, slackSentence } from './slack-sentence.ts';

/** Found by users, documented nowhere: bolt-js#2509 and #2867. The size of the blocks as JSON comes closest to their figures. */
const MESSAGE_BLOCKS_CHARACTERS = 13_200;

/**
 * The blocks of a message or view as Slack would store them, or a refusal with the same kind of messages
 * Slack gives: a sentence and a JSON pointer for each.
 */
export function acceptBlocks(
  given: unknown,
  where: { readonly surface: 'message' | 'view'; readonly pointer: string },
): readonly Block[] {
  const most = where.surface === 'message' ? 50 : 100;
  const read = z.array(block).max(most).safeParse(given, { error: slackSentence });
  const problems = read.success
    ? duplicates(read.data)
    : read.error.issues.map((issue) => ({ message: issue.message, path: pointerPath(issue) }));
  if (problems.length > 0 || !read.success) {
    const messages = problems.map(
      (problem) =>
        `${problem.message} [json-pointer:${where.pointer}${problem.path.map((step) => `/${String(step)}`).join('')}]`,
    );
    throw new Refusal(where.surface === 'message' ? 'invalid_blocks' : 'invalid_arguments', {
      errors: messages,
      response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) },
    });
  }
  if (where.surface === 'message' && JSON.stringify(read.data).length > MESSAGE_BLOCKS_CHARACTERS) {
    throw new Refusal('msg_blocks_too_long');
  }
  return read.data.map((each) => ({
    ...withActionIds(each),
    type: each.type,
    block_id: each.block_id ?? freshId('').slice(0, 5),
  }));
}

/** Slack names an element that has no `action_id` itself; without one a click could not be told from another. */
function withActionIds(given: Record<string, unknown>): Record<string, unknown> {
  const named = (element: unknown) =>
    isRecord(element) &&
    typeof element.type === 'string' &&
    !PASSIVE.has(element.type) &&
    element.action_id === undefined
      ? { ...element, action_id: freshId('').slice(0, 5) }
      : element;
  return {
    ...given,
    ...((given.type === 'actions' || given.type === 'context_actions') && Array.isArray(given.elements)
      ? { elements: given.elements.map(named) }
      : {}),
    ...('accessory' in given && given.accessory !== undefined ? { accessory: named(given.accessory) } : {}),
    ...(given.type === 'input' ? { element: named(given.element) } : {}),
  };
}
const PASSIVE = new Set(['image', 'plain_text', 'mrkdwn']);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Problem = { readonly message: string; readonly path: readonly PropertyKey[] };

function duplicates(blocks: readonly z.infer<typeof block>[]): readonly Problem[] {
  const problems: Problem[] = [];
  const blockIds = new Set<string>();
  for (const [index, each] of blocks.entries()) {
    if (each.block_id !== undefined && blockIds.has(each.block_id)) {
      problems.push({ message: `block_id already exists: ${each.block_id}`, path: [index, 'block_id'] });
    }
    if (each.block_id !== undefined) blockIds.add(each.block_id);
    if (each.type !== 'actions') continue;
    const actionIds = new Set<string>();
    for (const [position, element] of each.elements.entries()) {
      if (element.action_id === undefined) continue;
      if (actionIds.has(element.action_id)) {
        problems.push({
          message: `action_id already exists: ${element.action_id}`,
          path: [index, 'elements', position, 'action_id'],
        });
      }
      actionIds.add(element.action_id);
    }
  }
  return problems;
}

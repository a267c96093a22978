import { randomBytes } from 'node:crypto';
import { Refusal } from '../refusal.ts';

/** Where a trigger came from: who acted, and in which modal if in one. */
export type Trigger = { readonly user: string; readonly viewId: string | undefined };

export type Triggers = {
  issue(trigger: Trigger): string;
  /** Uses a trigger up, or refuses as Slack does: unknown, expired, used. */
  redeem(id: string): Trigger;
};

/** Trigger ids: three seconds, counted from when Slack made them, and good for one view. */
export function createTriggers(options: { readonly lifeMs: number; readonly now: () => number }): Triggers {
  const issued = new Map<
    string,
    { readonly trigger: Trigger; readonly at: number; readonly used: boolean }
  >();
  return {
    issue(trigger) {
      const id = `${options.now()}.${randomBytes(4).readUInt32BE(0)}.${randomBytes(16).toString('hex')}`;
      issued.set(id, { trigger, at: options.now(), used: false });
      return id;
    },
    redeem(id) {
      const found = issued.get(id);
      if (!found) throw new Refusal('invalid_trigger_id');
      if (found.used) throw new Refusal('exchanged_trigger_id');
      if (options.now() - found.at > options.lifeMs) throw new Refusal('expired_trigger_id');
      issued.set(id, { ...found, used: true });
      return found.trigger;
    },
  };
}

/** What a response URL answers into. `messageTs` is the message that was clicked, if one was. */
export type ResponseTarget = {
  readonly user: string;
  readonly channel: string;
  readonly threadTs: string | undefined;
  readonly messageTs: string | undefined;
};

export type ResponseUrls = {
  issue(target: ResponseTarget): string;
  redeem(id: string): ResponseTarget;
};

const USES = 5;

/** Response URLs: five uses within thirty minutes. */
export function createResponseUrls(options: {
  readonly lifeMs: number;
  readonly now: () => number;
}): ResponseUrls {
  const issued = new Map<string, { readonly target: ResponseTarget; readonly at: number; uses: number }>();
  return {
    issue(target) {
      const id = randomBytes(12).toString('hex');
      issued.set(id, { target, at: options.now(), uses: 0 });
      return id;
    },
    redeem(id) {
      const found = issued.get(id);
      if (!found || options.now() - found.at > options.lifeMs) throw new Refusal('expired_url');
      if (found.uses >= USES) throw new Refusal('used_url');
      found.uses += 1;
      return found.target;
    },
  };
}

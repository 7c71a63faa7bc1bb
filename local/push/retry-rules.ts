import type { PushProvider } from './push-log.ts';

/** One message to one device through one service. The same message again is a retry. */
export interface Message {
  readonly service: PushProvider;
  readonly device: string;
  /** The keys that the app receives. They distinguish a ring from its stop. */
  readonly keys: Readonly<Record<string, unknown>>;
}

/** The result of an attempt. */
export interface Ending {
  readonly status: number;
  /** No other attempt with the same message can succeed. */
  readonly final: boolean;
  readonly retryAfterS?: number | undefined;
}

/** Checks retries: none after a final refusal, and none before `Retry-After` has passed. */
export interface RetryRules {
  /** The rule that this attempt breaks, if any. */
  breach(message: Message, now: number): { readonly rule: string; readonly detail: string } | undefined;
  ended(message: Message, ending: Ending, now: number): void;
}

interface LastAttempt {
  readonly status: number;
  readonly final: boolean;
  readonly notBefore: number;
}

/** A timer may fire this much early. */
const LEEWAY_MS = 5;

/** Starts with no attempts. */
export function openRetryRules(): RetryRules {
  const latest = new Map<string, LastAttempt>();
  return {
    breach(message, now) {
      const last = latest.get(identityOf(message));
      if (last?.final) return { rule: 'retry-after-refusal', detail: `refused with ${last.status} before` };
      const early = last ? last.notBefore - now : 0;
      return early > LEEWAY_MS ? { rule: 'retry-after', detail: `${early} ms too early` } : undefined;
    },
    ended(message, { status, final, retryAfterS = 0 }, now) {
      const identity = identityOf(message);
      if (final || retryAfterS > 0) latest.set(identity, { status, final, notBefore: now + retryAfterS * 1000 });
      else latest.delete(identity);
    },
  };
}

function identityOf({ service, device, keys }: Message): string {
  const { call_cid, type, ring_id } = keys;
  return JSON.stringify([service, device, ...(typeof call_cid === 'string' ? [call_cid, type, ring_id] : [keys])]);
}

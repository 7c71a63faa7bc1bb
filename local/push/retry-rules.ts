import type { PushProvider } from './push-log.ts';

/** One message to one device through one service: the same again is a retry. */
export interface Message {
  readonly service: PushProvider;
  readonly device: string;
  /** The keys that the app gets, by which a ring is told from its stop. */
  readonly keys: Readonly<Record<string, unknown>>;
}

/** How an attempt ended. */
export interface Ending {
  readonly status: number;
  /** No attempt with the same message will ever succeed. */
  readonly final: boolean;
  readonly retryAfterS?: number | undefined;
}

/** Watches over retries: none after a refusal for good, and none before `Retry-After` is over. */
export interface RetryRules {
  /** The rule that this attempt breaks. */
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

/** Starts without a message. */
export function openRetryRules(): RetryRules {
  const standing = new Map<string, LastAttempt>();
  return {
    breach(message, now) {
      const last = standing.get(identityOf(message));
      if (last?.final) return { rule: 'retry-after-refusal', detail: `refused with ${last.status} before` };
      const early = last ? last.notBefore - now : 0;
      return early > LEEWAY_MS ? { rule: 'retry-after', detail: `${early} ms too early` } : undefined;
    },
    ended(message, { status, final, retryAfterS = 0 }, now) {
      const identity = identityOf(message);
      if (final || retryAfterS > 0) standing.set(identity, { status, final, notBefore: now + retryAfterS * 1000 });
      else standing.delete(identity);
    },
  };
}

function identityOf({ service, device, keys }: Message): string {
  const { call_cid, type, ring_id } = keys;
  return JSON.stringify([service, device, ...(typeof call_cid === 'string' ? [call_cid, type, ring_id] : [keys])]);
}

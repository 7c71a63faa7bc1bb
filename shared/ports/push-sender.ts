import type { PushToken } from '#domain/push-token/token.ts';
import type { EpochMs } from '#domain/time.ts';

/** One message to one device. */
export interface Push {
  readonly kind: 'ring' | 'stop' | 'missed';
  /** Flat keys, every value a string. */
  readonly payload: Readonly<Record<string, string>>;
  /** From then on it must not be delivered. */
  readonly expiresAt: EpochMs;
  /** The same UUID on every attempt of one push. */
  readonly id: string;
}

/** What a push service made of a message; an exception means that we do not know. */
export type PushOutcome =
  | { readonly kind: 'accepted'; readonly messageId: string }
  /** The token is dead, `since` when where the service says so. */
  | { readonly kind: 'unregistered'; readonly status: number; readonly reason: string; readonly since?: EpochMs }
  /** Malformed, or a token of the other environment. */
  | { readonly kind: 'wrong_environment'; readonly status: number; readonly reason: string }
  /** Worth another attempt, not before `retryAfterMs` where the service says so. `status` 0: no answer. */
  | { readonly kind: 'retryable'; readonly status: number; readonly reason: string; readonly retryAfterMs?: number }
  /** Refused for a reason that may be our own fault; `misconfigured`: one that is certain to hit every token of its provider. */
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string; readonly misconfigured?: true }
  /** Not sent, since its provider refuses everything: `reason` is the one that it gave. */
  | { readonly kind: 'withheld'; readonly reason: string };

/** What a service's refusal comes down to: one of the outcomes above, where `misconfigured` is a refusal that hits every token. */
export type Verdict = 'unregistered' | 'wrong_environment' | 'retryable' | 'refused' | 'misconfigured';

/** The push services. */
export interface PushSender {
  send(pushToken: PushToken, push: Push): Promise<PushOutcome>;
}

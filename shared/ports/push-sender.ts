import type { PushToken } from '#domain/push-token/token.ts';
import type { EpochMs } from '#domain/time.ts';

/** One message to one phone. */
export interface Push {
  readonly kind: 'ring' | 'stop' | 'missed';
  /** Flat keys, every value a string. */
  readonly payload: Readonly<Record<string, string>>;
  /** It must not be delivered after this moment. */
  readonly expiresAt: EpochMs;
  /** The same UUID on every attempt of one push. */
  readonly id: string;
}

/** How a push service answered a message. An exception means that we do not know. */
export type PushOutcome =
  | { readonly kind: 'accepted'; readonly messageId: string }
  /** The token is dead; `since` when, if the service says so. */
  | { readonly kind: 'unregistered'; readonly status: number; readonly reason: string; readonly since?: EpochMs }
  /** The token is malformed, or it belongs to the other environment. */
  | { readonly kind: 'wrong_environment'; readonly status: number; readonly reason: string }
  /** Worth another attempt, not before `retryAfterMs` if the service says so. `status` 0: no answer. */
  | { readonly kind: 'retryable'; readonly status: number; readonly reason: string; readonly retryAfterMs?: number }
  /** Refused for a reason that may be our own fault. `misconfigured`: the reason is certain to hit every token of the provider. */
  | { readonly kind: 'refused'; readonly status: number; readonly reason: string; readonly misconfigured?: true }
  /** Not sent, because its provider refuses everything; `reason` is the one that the provider gave. */
  | { readonly kind: 'withheld'; readonly reason: string };

/** What the refusal of a service means: one of the outcomes above, or `misconfigured` for a refusal that hits every token. */
export type Verdict = 'unregistered' | 'wrong_environment' | 'retryable' | 'refused' | 'misconfigured';

/** The push services. */
export interface PushSender {
  send(pushToken: PushToken, push: Push): Promise<PushOutcome>;
}

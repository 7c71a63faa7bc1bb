import type { Person } from '#domain/call/call.ts';
import type { Stop } from '#domain/call/effects.ts';
import type { PushToken } from '#domain/push-token/token.ts';
import type { EpochMs } from '#domain/time.ts';

/** What every push says of the ring that it is about, whatever its provider's payload format. */
interface AboutRing {
  readonly cid: string;
  readonly ringId: string;
  /** Whoever rings. */
  readonly caller: Person;
  readonly video: boolean;
  readonly sentAt: EpochMs;
  /** From then on the push must not be delivered. */
  readonly expiresAt: EpochMs;
}

/** One message to one push token. Senders encode it in the payload format of the token's provider. */
export type Push = AboutRing &
  (
    | { readonly kind: 'ring'; readonly wakeToken: string }
    | ({ readonly kind: 'stop' } & Pick<Stop, 'type' | 'notify'>)
    /** `quiet`: its user does not want to be disturbed. */
    | { readonly kind: 'missed'; readonly quiet?: true }
  );

/** What a push service made of a message; an exception means that we do not know. */
export type PushOutcome =
  | { readonly kind: 'accepted'; readonly messageId: string }
  /** The token is dead, `since` when where the service says so. */
  | { readonly kind: 'unregistered'; readonly status: number; readonly reason: string; readonly since?: EpochMs }
  /** Malformed, or a token of the other environment. */
  | { readonly kind: 'wrong_environment'; readonly status: number; readonly reason: string }
  /** Worth another attempt, not before `retryAfterMs` where the service says so. `status` 0: no answer. */
  | { readonly kind: 'retryable'; readonly status: number; readonly reason: string; readonly retryAfterMs?: number }
  /**
   * Refused for a reason that may be our own fault. `misconfigured`: one that is certain to hit every token of its provider;
   * `unauthorized`: our credentials are refused, for this token or for all.
   */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly reason: string;
      readonly misconfigured?: true;
      readonly unauthorized?: true;
    }
  /** Not sent, since its provider refuses everything, with this reason, or since there is none of its name (`unconfigured`). */
  | { readonly kind: 'withheld'; readonly reason: string; readonly unconfigured?: true };

/** What a service's refusal comes down to: one of the outcomes above, where `misconfigured` is a refusal that hits every token. */
export type Verdict = 'unregistered' | 'wrong_environment' | 'retryable' | 'refused' | 'misconfigured';

/** The push services. */
export interface PushSender {
  send(pushToken: PushToken, push: Push): Promise<PushOutcome>;
}

/** A sender that can prepare itself for the first push of a named provider. */
export interface WarmSender extends PushSender {
  /** Connects, and loads what is needed; never fails. */
  warm(name: string): Promise<void>;
}

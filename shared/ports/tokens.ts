import type { Principal } from '#domain/identity.ts';
import type { PushToken } from '#domain/push-token/token.ts';
import type { EpochMs } from '#domain/time.ts';

/** The handset that a token of one call is for. */
export interface CallTokenFor {
  readonly cid: string;
  readonly userId: string;
  readonly name?: string;
  readonly hardwareId?: string;
  /** Fingerprint of the handset; it stays the same from one token to the next. */
  readonly tokenFingerprint: string;
}

/** Tells who a token speaks for. */
export interface TokenVerifier {
  /** The principal that a token speaks for; `undefined` if the token is not valid. */
  verify(token: string): Promise<Principal | undefined>;
}

/** Mints tokens with the deployment's own key ring. */
export interface TokenMint {
  login(user: { readonly userId: string; readonly name?: string }, expiresAt: EpochMs): Promise<string>;
  /** Good for one call and one handset until ten minutes after its ring. */
  wake(
    pushToken: PushToken,
    ring: { readonly cid: string; readonly ringId: string },
    expiresAt: EpochMs,
  ): Promise<string>;
  /** Good for all that a member may do in one call. */
  call(handset: CallTokenFor, expiresAt: EpochMs): Promise<string>;
}

import type { Principal, TokenFault } from '#domain/identity.ts';
import type { PushToken } from '#domain/push-token/token.ts';
import type { EpochMs } from '#domain/time.ts';

/** The handset that a token of one call is for. */
export interface CallTokenFor {
  readonly cid: string;
  readonly userId: string;
  readonly name?: string;
  readonly image?: string;
  readonly hardwareId?: string;
  /** When the token that this one follows was issued: a sign-out refuses both. @default now */
  readonly issuedAt?: EpochMs;
  /** Fingerprint of the handset; it stays the same from one token to the next. */
  readonly tokenFingerprint: string;
}

/** What a token comes to: the principal that it speaks for, or why it speaks for nobody. */
export type VerifiedToken = { readonly kind: 'verified'; readonly principal: Principal } | RefusedToken;

/** A token that speaks for nobody. */
export interface RefusedToken {
  readonly kind: 'refused';
  readonly reason: TokenFault;
  /** Whose it was, if a key of ours signed it: for the log alone. */
  readonly userId?: string;
}

/** Tells who a token speaks for. */
export interface TokenVerifier {
  verify(token: string): Promise<VerifiedToken>;
}

/** Mints tokens with the deployment's own key ring. */
export interface TokenMint {
  /** `issuedAt` is that of the token that this one follows, if there is one. @default now */
  login(
    user: { readonly userId: string; readonly name?: string; readonly issuedAt?: EpochMs },
    expiresAt: EpochMs,
  ): Promise<string>;
  /** Good for one call and one handset until ten minutes after its ring. */
  wake(
    pushToken: PushToken,
    ring: { readonly cid: string; readonly ringId: string },
    expiresAt: EpochMs,
  ): Promise<string>;
  /** Good for all that a member may do in one call. */
  call(handset: CallTokenFor, expiresAt: EpochMs): Promise<string>;
}

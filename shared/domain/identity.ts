import type { Handset } from './call/call.ts';

/** What kind of token somebody came with; each route says which kinds it takes. */
export type TokenKind = 'login' | 'server' | 'wake' | 'call';

/** Why a request speaks for nobody: it has no token, or one that is refused. */
export const UNAUTHENTICATED_REASONS = [
  'missing',
  'malformed',
  'expired',
  'not_yet_valid',
  'bad_signature',
  'unknown_key',
  'wrong_audience',
  'signed_out',
] as const;
export type UnauthenticatedReason = (typeof UNAUTHENTICATED_REASONS)[number];

/** Why a token is refused. */
export type TokenFault = Exclude<UnauthenticatedReason, 'missing'>;

/** Who is talking: read from a verified token, never from a body. */
export interface Principal {
  /** Absent only for a server token that acts for nobody in particular. */
  readonly userId?: string;
  readonly name?: string;
  readonly kind: TokenKind;
  /** The one call that a wake or a call token is good for. */
  readonly cid?: string;
  readonly hardwareId?: string;
  /** The WebSocket that the request came over. */
  readonly connectionId?: string;
  /** Fingerprint of the token: the same bearer is the same device where nothing better is known. */
  readonly tokenFingerprint: string;
}

/** A caller who is somebody: what every use case on a call works with. */
export interface UserPrincipal extends Principal {
  readonly userId: string;
}

/** The device that `caller` is talking from, as far as it is known: what a request names counts where its token says nothing. */
export function handsetOf(caller: Principal, named?: string): Handset {
  const isLogin = caller.kind === 'login' || caller.kind === 'server';
  const hardwareId = caller.hardwareId ?? (isLogin ? named : undefined);
  return {
    tokenFingerprint: caller.tokenFingerprint,
    ...(hardwareId !== undefined && { hardwareId }),
    ...(caller.connectionId !== undefined && { connectionId: caller.connectionId }),
  };
}

import type { Handset, Person } from './call/call.ts';
import { defined } from './defined.ts';
import type { EpochMs } from './time.ts';

/** The kinds of token; each route says which ones it takes. */
export const TOKEN_KINDS = ['login', 'server', 'operator', 'wake', 'call'] as const;
export type TokenKind = (typeof TOKEN_KINDS)[number];

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

/** Who a token speaks for. It comes from a verified token, never from a request body. */
export interface Principal {
  /** Absent only if a server token acts for no user in particular, or an operator looks at nobody in particular. */
  readonly userId?: string;
  readonly name?: string;
  /** The address of their picture. */
  readonly image?: string;
  readonly kind: TokenKind;
  /** The identity provider that the token is from; absent if the deployment's own key ring signed it. */
  readonly issuer?: string;
  /** When the token was issued, to the second. */
  readonly issuedAt?: EpochMs;
  /** The one call that a wake or call token is good for. */
  readonly cid?: string;
  /**
   * The ring of that call that a wake token came with. A connection has none, whatever token opened it: it hears of
   * later rings itself.
   */
  readonly ringId?: string;
  readonly hardwareId?: string;
  /** The WebSocket that the request came over. */
  readonly connectionId?: string;
  /** What the app says when it connects: new at every start of the app. */
  readonly sessionId?: string;
  /** Fingerprint of the token. If nothing better is known, the same token means the same handset. */
  readonly tokenFingerprint: string;
}

/** The user that operators ring as, and end calls as. Who they are is in the log, and in the name of a test ring. */
export const OPERATOR_ID = 'carillon-operator';

/** Whether a token is the app's own, not a user's: that of its backend, or of an operator. Both see everything. */
export const isOfTheApp = <Of extends Pick<Principal, 'kind'>>(
  principal: Of,
): principal is Of & { readonly kind: 'server' | 'operator' } =>
  principal.kind === 'server' || principal.kind === 'operator';

/** A principal who is a user, as every use case on a call needs one. */
export interface UserPrincipal extends Principal {
  readonly userId: string;
}

/** A user as others are told of them. */
export const asPerson = ({ userId: id, name, image }: Pick<UserPrincipal, 'userId' | 'name' | 'image'>): Person => ({
  id,
  ...defined({ name, image }),
});

/**
 * Whether a token is from before its user's sign-out: it was issued before, or does not say when. A token of the app
 * is not its user's.
 */
export const isSignedOutAt = (
  { kind, issuedAt }: Pick<Principal, 'kind' | 'issuedAt'>,
  at: EpochMs | undefined,
): boolean => !isOfTheApp({ kind }) && at !== undefined && (issuedAt === undefined || issuedAt < at);

/** The handset that `principal` acts from, as far as it is known. What the request has `named` counts only if its token is a login or the app's own, and says nothing. */
export function handsetOf(principal: Principal, named?: string): Handset {
  const mayName = principal.kind === 'login' || isOfTheApp(principal);
  const hardwareId = principal.hardwareId ?? (mayName ? named : undefined);
  return {
    tokenFingerprint: principal.tokenFingerprint,
    ...defined({ hardwareId, connectionId: principal.connectionId, sessionId: principal.sessionId }),
  };
}

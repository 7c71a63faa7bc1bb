import { randomBytes } from 'node:crypto';
import type { FcmAccount } from '../credentials.ts';
import { readJsonWebToken } from '../json-web-token.ts';
import type { PushReply, PushRequest } from '../push-request.ts';

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const AUDIENCE = 'https://oauth2.googleapis.com/token';
/** The scopes of which each allows to send messages. */
export const SCOPES: ReadonlySet<unknown> = new Set([
  'https://www.googleapis.com/auth/firebase.messaging',
  'https://www.googleapis.com/auth/cloud-platform',
]);
export const TOKEN_LIFE_S = 3600;
/** How far the sender's clock may be off. */
const LEEWAY_S = 60;

/** Gives a token for what a request shows. `problem` says why it does not. */
export type Exchange = (request: PushRequest) => Exchanged | Promise<Exchanged>;

export interface Exchanged {
  readonly reply: PushReply;
  readonly problem?: string;
}

/** Tokens of one kind, which are remembered once they are issued. */
export interface Tokens {
  issue(at: Date): string;
  isCurrent(token: string, now: number): boolean;
}

/** Begins to issue tokens that start with `prefix`. */
export function openTokens(prefix: string): Tokens {
  const expiries = new Map<string, number>();
  return {
    issue(at) {
      const token = `${prefix}${randomBytes(32).toString('base64url')}`;
      expiries.set(token, at.getTime() + TOKEN_LIFE_S * 1000);
      return token;
    },
    isCurrent: (token, now) => (expiries.get(token) ?? 0) > now,
  };
}

/** Google's token endpoint. Its tokens are also for those who have shown by another way than an assertion who they are. */
export interface TokenEndpoint extends Tokens {
  readonly exchange: Exchange;
}

/** Opens the token endpoint of one service account. */
export function openTokenEndpoint(account: FcmAccount): TokenEndpoint {
  const tokens = openTokens('ya29.');
  return {
    ...tokens,
    exchange(request) {
      const problem = assertionProblem(request, account);
      if (problem) return refused(problem);
      const body = { access_token: tokens.issue(request.at), expires_in: TOKEN_LIFE_S, token_type: 'Bearer' };
      return { reply: { status: 200, body } };
    },
  };
}

/** Why no token is given, in the words of OAuth. */
export interface Problem {
  readonly error: string;
  readonly description: string;
}

function assertionProblem(request: PushRequest, account: FcmAccount): Problem | undefined {
  if (!request.headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return { error: 'invalid_request', description: 'The body must be application/x-www-form-urlencoded.' };
  }
  const form = new URLSearchParams(request.body);
  if (form.get('grant_type') !== GRANT_TYPE) {
    return { error: 'unsupported_grant_type', description: `Invalid grant_type: ${form.get('grant_type')}` };
  }
  const token = readJsonWebToken(form.get('assertion') ?? '');
  if (!token) return grantProblem('The assertion is not a JWT.');
  if (token.claims['iss'] !== account.clientEmail) return grantProblem('Invalid grant: account not found');
  if (!token.isSignedBy(account.publicKey, 'RS256')) return grantProblem('Invalid JWT Signature.');
  return claimsProblem(token.claims, request.at.getTime() / 1000);
}

function claimsProblem(claims: Readonly<Record<string, unknown>>, nowS: number): Problem | undefined {
  const { iat, exp, aud, scope } = claims;
  if (aud !== AUDIENCE) return grantProblem(`Invalid JWT: aud must be ${AUDIENCE}`);
  if (typeof iat !== 'number' || typeof exp !== 'number' || exp > iat + TOKEN_LIFE_S) {
    return grantProblem('Invalid JWT: exp must be at most one hour after iat.');
  }
  if (iat > nowS + LEEWAY_S || exp < nowS - LEEWAY_S) {
    return grantProblem('Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe.');
  }
  return scopeProblem(scope);
}

/** What is wrong with the scopes that are asked for: a list with spaces between them. */
export function scopeProblem(scope: unknown): Problem | undefined {
  if (typeof scope === 'string' && scope.split(' ').some((each) => SCOPES.has(each))) return undefined;
  return { error: 'invalid_scope', description: 'None of the scopes allows to send messages.' };
}

export const grantProblem = (description: string): Problem => ({ error: 'invalid_grant', description });

/** The answer that gives no token. */
export const refused = ({ error, description }: Problem): Exchanged => ({
  reply: { status: 400, body: { error, error_description: description } },
  problem: description,
});

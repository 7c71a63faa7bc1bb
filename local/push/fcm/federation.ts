import { type AwsKey, signerOf } from '../../aws/iam/signature.ts';
import { isObject, parseBody } from '../../json.ts';
import type { FcmAccount } from '../credentials.ts';
import {
  type Exchange,
  type Exchanged,
  grantProblem,
  openTokens,
  type Problem,
  refused,
  SCOPES,
  scopeProblem,
  TOKEN_LIFE_S,
  type Tokens,
} from './oauth.ts';

/** The provider of AWS identities in the pool of this Google project. */
export const AUDIENCE =
  '//iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/carillon/providers/aws';

/** Whom the provider lets in, as its attribute condition says: the role of the function that pushes. */
const TRUSTED = /^arn:aws:sts::\d{12}:assumed-role\/[^/]*RingWorker[^/]*\/./;

const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';
const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token';
const AWS_REQUEST = 'urn:ietf:params:aws:token-type:aws4_request';
const CALLER_IDENTITY = /^https:\/\/sts\.[a-z0-9-]+\.amazonaws\.com\/?\?Action=GetCallerIdentity&Version=2011-06-15$/;

/** Workload Identity Federation: AWS identities that become Google's. */
export interface Federation {
  /** What gives tokens at a path, if anything does. */
  exchangeAt(path: string): Exchange | undefined;
}

export interface FederationParts {
  /** The service account that a federated identity may act as. */
  readonly account: FcmAccount;
  readonly tokens: Pick<Tokens, 'issue'>;
  readonly awsKeyOf: (accessKeyId: string) => AwsKey | undefined;
}

/** Opens the federation of one project. A federated identity has the right to push by itself, and as the service account. */
export function openFederation({ account, tokens, awsKeyOf }: FederationParts): Federation {
  /** The tokens that are good for acting as a service account. */
  const impersonating = openTokens('ya29.d.');

  const exchange: Exchange = async (request) => {
    const form = new URLSearchParams(request.body);
    const scope = form.get('scope') ?? '';
    const problem =
      formProblem(form) ?? (await callerProblem(form.get('subject_token') ?? '', awsKeyOf)) ?? scopeProblem(scope);
    if (problem) return refused(problem);
    const issuer = scope.includes(CLOUD_PLATFORM) ? impersonating : tokens;
    return {
      reply: {
        status: 200,
        body: {
          access_token: issuer.issue(request.at),
          issued_token_type: ACCESS_TOKEN,
          token_type: 'Bearer',
          expires_in: TOKEN_LIFE_S,
        },
      },
    };
  };

  const impersonate =
    (email: string): Exchange =>
    (request) => {
      const token = /^Bearer (\S+)$/.exec(request.headers['authorization'] ?? '')?.[1] ?? '';
      if (!impersonating.isCurrent(token, request.at.getTime())) return iamError(401, 'UNAUTHENTICATED');
      const problem = email === account.clientEmail ? bodyProblem(request.body) : iamError(403, 'PERMISSION_DENIED');
      if (problem) return problem;
      const expireTime = new Date(request.at.getTime() + TOKEN_LIFE_S * 1000).toISOString();
      return { reply: { status: 200, body: { accessToken: tokens.issue(request.at), expireTime } } };
    };

  return {
    exchangeAt(path) {
      if (path === '/v1/token') return exchange;
      const email = /^\/v1\/projects\/-\/serviceAccounts\/([^/:]+):generateAccessToken$/.exec(path)?.[1];
      return email === undefined ? undefined : impersonate(decodeURIComponent(email));
    },
  };
}

function bodyProblem(text: string): Exchanged | undefined {
  const body = parseBody(text);
  const scope = isObject(body) && Array.isArray(body['scope']) ? body['scope'] : [];
  return scope.some((each) => SCOPES.has(each)) ? undefined : iamError(400, 'INVALID_ARGUMENT');
}

function formProblem(form: URLSearchParams): Problem | undefined {
  const wanted = {
    grant_type: TOKEN_EXCHANGE,
    requested_token_type: ACCESS_TOKEN,
    subject_token_type: AWS_REQUEST,
    audience: AUDIENCE,
  };
  const wrong = Object.entries(wanted).find(([name, value]) => form.get(name) !== value)?.[0];
  return wrong === undefined ? undefined : { error: 'invalid_request', description: `Invalid value for "${wrong}".` };
}

/** Why the subject token, a signed request to AWS's STS for the identity of its caller, is not good for a Google token. */
async function callerProblem(subject: string, awsKeyOf: FederationParts['awsKeyOf']): Promise<Problem | undefined> {
  const signed = parseBody(new URLSearchParams(`subject=${subject}`).get('subject') ?? '');
  if (!isObject(signed) || !Array.isArray(signed['headers'])) return grantProblem('Invalid format of AWS credentials.');
  const url = String(signed['url']);
  if (!CALLER_IDENTITY.test(url) || signed['method'] !== 'POST')
    return grantProblem('The request is not one for the identity of its caller.');
  const headers = Object.fromEntries(
    signed['headers'].map(({ key, value }: { key: string; value: string }) => [key.toLowerCase(), value]),
  );
  const { host, pathname, search } = new URL(url);
  if (headers['host'] !== host) return grantProblem('The host is not that of the url.');
  if (headers['x-goog-cloud-target-resource'] !== AUDIENCE)
    return grantProblem('x-goog-cloud-target-resource is not the audience.');
  const signer = await signerOf({ method: 'POST', path: pathname + search, headers, body: '' }, awsKeyOf);
  if ('code' in signer) return grantProblem(`Received invalid AWS response: 403 ${signer.code}`);
  if (signer.service !== 'sts') return grantProblem('Received invalid AWS response: 403 SignatureDoesNotMatch');
  if (TRUSTED.test(signer.key.arn)) return undefined;
  const description = 'The given credential is rejected by the attribute condition.';
  return { error: 'unauthorized_client', description };
}

const iamError = (code: number, status: string): Exchanged => ({
  reply: { status: code, body: { error: { code, message: 'Refused.', status } } },
  problem: status,
});

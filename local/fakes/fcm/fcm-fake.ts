import { randomUUID } from 'node:crypto';
import type { ServerIdentity } from '../certificates.ts';
import type { FcmAccount } from '../credentials.ts';
import { isObject, parseBody } from '../json.ts';
import type { PushLog } from '../push-log.ts';
import { recordOf } from '../push-record.ts';
import { type PushReply, type PushRequest, type PushServer, startPushServer, type Verdict } from '../push-server.ts';
import type { OutcomeScript } from '../scripted-outcomes.ts';
import { type DeviceRate, openDeviceRate } from './device-rate.ts';
import { denied, notServed, type Refusal, scriptedReply, unreadable } from './errors.ts';
import { messageRefusal } from './message-rules.ts';
import { shapeRefusal } from './message-shape.ts';
import { openTokenEndpoint, type TokenEndpoint } from './oauth.ts';

/** What the fake of FCM is built from. */
export interface FcmFakeParts {
  readonly identity: ServerIdentity;
  readonly account: FcmAccount;
  readonly log: PushLog;
  readonly script: OutcomeScript;
}

/** Starts a fake of FCM's HTTP v1 API, which also serves Google's OAuth token endpoint at `POST /token`. */
export function startFcmFake(parts: FcmFakeParts): Promise<PushServer> {
  const tokens = openTokenEndpoint(parts.account);
  const deviceRate = openDeviceRate();
  const handle = (request: PushRequest): Verdict =>
    request.path === '/token' && request.method === 'POST'
      ? exchangeToken(request, tokens, parts.log)
      : takeMessage(request, { ...parts, tokens, deviceRate });
  return startPushServer({ identity: parts.identity, allowHttp1: true, handle });
}

interface Desk extends FcmFakeParts {
  readonly tokens: TokenEndpoint;
  readonly deviceRate: DeviceRate;
}

function exchangeToken(request: PushRequest, tokens: TokenEndpoint, log: PushLog): Verdict {
  const { reply, problem } = tokens.exchange(request);
  if (problem) log.addViolation({ at: request.at.toISOString(), provider: 'fcm', rule: 'oauth', detail: problem });
  return { reply };
}

function takeMessage(request: PushRequest, desk: Desk): Verdict {
  const body = parseBody(request.body);
  const message = isObject(body) && isObject(body['message']) ? body['message'] : undefined;
  const device = deviceOf(message);
  const refusal =
    callerRefusal(request, desk) ??
    contentRefusal(body, message) ??
    (device === undefined ? undefined : desk.deviceRate(device, request.at.getTime()));
  const outcome = refusal || device === undefined ? undefined : desk.script.take(device, 'fcm');
  const verdict = { reply: refusal?.reply ?? replyTo(body, desk, outcome), outcome };
  const at = request.at.toISOString();
  if (refusal) desk.log.addViolation({ at, provider: 'fcm', rule: refusal.rule, detail: refusal.detail });
  if (device !== undefined) desk.log.add(device, recordOf(request, 'fcm', body, verdict));
  return verdict;
}

const deviceOf = (message: Record<string, unknown> | undefined): string | undefined =>
  [message?.['token'], message?.['fid']].find((value) => typeof value === 'string');

function callerRefusal(request: PushRequest, { account, tokens }: Desk): Refusal | undefined {
  const project = /^\/v1\/projects\/([^/]+)\/messages:send$/.exec(request.path)?.[1];
  if (project === undefined || request.method !== 'POST') return notServed(`${request.method} ${request.path}`);
  const accessToken = /^Bearer (\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1];
  if (accessToken === undefined)
    return denied(401, 'access-token', 'CREDENTIALS_MISSING', 'Request is missing required authentication credential.');
  if (!tokens.isCurrent(accessToken, request.at.getTime())) {
    return denied(401, 'access-token', 'ACCESS_TOKEN_EXPIRED', 'Request had invalid authentication credentials.');
  }
  if (project === account.projectId) return undefined;
  return denied(
    403,
    'project',
    'IAM_PERMISSION_DENIED',
    `Permission 'cloudmessaging.messages.create' denied on resource 'projects/${project}'.`,
  );
}

function contentRefusal(body: unknown, message: Record<string, unknown> | undefined): Refusal | undefined {
  return shapeRefusal(body) ?? (message ? messageRefusal(message) : unreadable('message', 'The message is missing.'));
}

function replyTo(body: unknown, { account }: Desk, outcome: Verdict['outcome']): PushReply {
  if (outcome && outcome.status >= 400) return scriptedReply(outcome);
  const onlyValidated = isObject(body) && (body['validate_only'] ?? body['validateOnly']) === true;
  const id = onlyValidated ? 'fake_message_id' : randomUUID();
  return { status: 200, body: { name: `projects/${account.projectId}/messages/${id}` } };
}

import { randomUUID } from 'node:crypto';
import type { AwsKey } from '../../aws/iam/signature.ts';
import { isObject, parseBody } from '../../json.ts';
import type { FaultScript } from '../../lab/faults/fault-script.ts';
import type { ServerIdentity } from '../certificates.ts';
import type { FcmAccount } from '../credentials.ts';
import type { PushLog, PushRecord } from '../push-log.ts';
import { recordOf } from '../push-record.ts';
import type { PushReply, PushRequest, Verdict } from '../push-request.ts';
import { type PushServer, startPushServer } from '../push-server.ts';
import { type PushState, recordPush } from '../record-push.ts';
import type { OutcomeScript } from '../scripted-outcomes.ts';
import { deliveryOf } from './delivery.ts';
import { type DeviceRate, openDeviceRate } from './device-rate.ts';
import { denied, isFinal, notServed, type Refusal, scriptedReply, unreadable } from './errors.ts';
import { openFederation } from './federation.ts';
import { messageRefusal } from './message-rules.ts';
import { shapeRefusal } from './message-shape.ts';
import { type Exchange, openTokenEndpoint, type TokenEndpoint } from './oauth.ts';

/** About as long as FCM keeps an idle connection open. */
const IDLE_MS = 180_000;

/** What the fake of FCM needs. */
export interface FcmFakeParts extends PushState {
  readonly identity: ServerIdentity;
  readonly account: FcmAccount;
  readonly script: OutcomeScript;
  readonly faults: FaultScript;
  /** The AWS keys that AWS's STS knows. */
  readonly awsKeyOf: (accessKeyId: string) => AwsKey | undefined;
}

/**
 * Starts a fake of FCM's HTTP v1 API, which also serves Google's OAuth at `POST /token`, its Security Token Service at
 * `POST /v1/token`, and the part of IAM that gives tokens of a service account.
 */
export function startFcmFake(parts: FcmFakeParts): Promise<PushServer> {
  const tokens = openTokenEndpoint(parts.account);
  const federation = openFederation({ ...parts, tokens });
  const deviceRate = openDeviceRate();
  const handle = (request: PushRequest): Verdict | Promise<Verdict> => {
    const exchange = request.path === '/token' ? tokens.exchange : federation.exchangeAt(request.path);
    if (exchange && request.method === 'POST') return exchangeToken(request, exchange, parts.log);
    return takeMessage(request, { ...parts, tokens, deviceRate });
  };
  return startPushServer({
    provider: 'fcm',
    identity: parts.identity,
    allowHttp1: true,
    idleMs: IDLE_MS,
    faults: parts.faults,
    serviceAt: (path) => (path === '/token' || federation.exchangeAt(path) ? 'oauth' : 'fcm'),
    handle,
  });
}

interface FcmState extends FcmFakeParts {
  readonly tokens: TokenEndpoint;
  readonly deviceRate: DeviceRate;
}

async function exchangeToken(request: PushRequest, exchange: Exchange, log: PushLog): Promise<Verdict> {
  const { fault } = request;
  if (fault && fault.status >= 400) return { reply: { status: fault.status, body: faultBody(fault) }, outcome: fault };
  const { reply, problem } = await exchange(request);
  if (problem) log.addViolation({ at: request.at.toISOString(), provider: 'fcm', rule: 'oauth', detail: problem });
  return { reply, outcome: fault };
}

const faultBody = ({ status, reason }: NonNullable<PushRequest['fault']>): object => ({
  error: reason ?? (status < 500 ? 'invalid_client' : 'backend_error'),
});

function takeMessage(request: PushRequest, fcm: FcmState): Verdict {
  const body = parseBody(request.body);
  const message = isObject(body) && isObject(body['message']) ? body['message'] : undefined;
  const device = deviceOf(message);
  const refusal =
    callerRefusal(request, fcm) ??
    contentRefusal(body, message) ??
    (device === undefined ? undefined : fcm.deviceRate(device, request.at.getTime()));
  const outcome = refusal || device === undefined ? undefined : outcomeFor(device, request, fcm);
  const verdict = { reply: refusal?.reply ?? replyTo(body, fcm, outcome), outcome };
  if (refusal) {
    const { rule, detail } = refusal;
    fcm.log.addViolation({ at: request.at.toISOString(), provider: 'fcm', rule, detail });
  }
  if (device === undefined || !message) return verdict;
  return { ...verdict, record: keep(request, fcm, { body, device, message, verdict }) };
}

/** The outcome of a valid message: the token's script comes first, then a fault of the service, then the state of the phone. */
const outcomeFor = (device: string, request: PushRequest, { script, phones }: FcmState): Verdict['outcome'] =>
  script.take(device, 'fcm') ??
  request.fault ??
  (phones.goneSince(device) === undefined ? undefined : { status: 404, reason: 'UNREGISTERED' });

interface Handled {
  readonly body: unknown;
  readonly device: string;
  readonly message: Record<string, unknown>;
  readonly verdict: Verdict;
}

function keep(request: PushRequest, fcm: FcmState, { body, device, message, verdict }: Handled): PushRecord {
  const record = recordOf(request, 'fcm', body, verdict);
  // A message that is only validated is not delivered.
  if (isOnlyValidated(body)) {
    fcm.log.add(device, record);
    return record;
  }
  const keys = isObject(message['data']) ? message['data'] : {};
  const delivery = deliveryOf(message, request.at);
  recordPush(
    { record, verdict, message: { service: 'fcm', device, keys }, final: isFinal(verdict.reply), delivery },
    fcm,
  );
  return record;
}

const isOnlyValidated = (body: unknown): boolean =>
  isObject(body) && (body['validate_only'] ?? body['validateOnly']) === true;

const deviceOf = (message: Record<string, unknown> | undefined): string | undefined =>
  [message?.['token'], message?.['fid']].find((value) => typeof value === 'string');

function callerRefusal(request: PushRequest, { account, tokens }: FcmState): Refusal | undefined {
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

function replyTo(body: unknown, { account }: FcmState, outcome: Verdict['outcome']): PushReply {
  if (outcome && outcome.status >= 400) return scriptedReply(outcome);
  const id = isOnlyValidated(body) ? 'fake_message_id' : randomUUID();
  return { status: 200, body: { name: `projects/${account.projectId}/messages/${id}` } };
}

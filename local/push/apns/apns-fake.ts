import { randomUUID } from 'node:crypto';
import type { ServerHttp2Session } from 'node:http2';
import { isObject, parseBody } from '../../json.ts';
import type { FaultScript } from '../../lab/faults/fault-script.ts';
import type { ServerIdentity } from '../certificates.ts';
import type { ApnsAccount } from '../credentials.ts';
import { recordOf } from '../push-record.ts';
import type { PushReply, PushRequest, Verdict } from '../push-request.ts';
import { type PushServer, startPushServer } from '../push-server.ts';
import { type PushState, recordPush } from '../record-push.ts';
import type { OutcomeScript } from '../scripted-outcomes.ts';
import { deliveryOf } from './delivery.ts';
import { openTokenCheck, type TokenCheck } from './provider-token.ts';
import { isFinal, type Refusal, refusalReply, scriptedReply } from './reasons.ts';
import { addressRefusal, deviceTokenOf, headerRefusal, payloadRefusal } from './request-rules.ts';
import { secondRing } from './second-ring.ts';

const STREAMS_ONCE_TRUSTED = 1000;

/** The token that Apple gives to no phone. A push to it tests whether everything else is right. */
const NOBODYS_TOKEN = '0'.repeat(64);

/** What a fake of APNs needs. */
export interface ApnsFakeParts extends PushState {
  readonly identity: ServerIdentity;
  readonly account: ApnsAccount;
  readonly provider: 'apns' | 'apns-sandbox';
  readonly script: OutcomeScript;
  readonly faults: FaultScript;
}

/** Starts a fake of one environment of APNs. */
export function startApnsFake(parts: ApnsFakeParts): Promise<PushServer> {
  const connections = new WeakMap<ServerHttp2Session, Connection>();
  const connectionOf = (session: ServerHttp2Session | undefined): Connection => {
    const connection = (session && connections.get(session)) ?? openConnection(session, parts.account);
    if (session) connections.set(session, connection);
    return connection;
  };
  return startPushServer({
    provider: parts.provider,
    identity: parts.identity,
    allowHttp1: false,
    settings: { maxConcurrentStreams: 1 },
    faults: parts.faults,
    handle(request, stats) {
      const token = request.headers['authorization'];
      if (token !== undefined) stats.sawToken(token);
      return takePush(request, parts, connectionOf(request.session));
    },
  });
}

interface Connection {
  readonly tokens: TokenCheck;
  /** Lifts the limit of one request at a time, which applies until a provider token has been accepted. */
  trust(): void;
}

function openConnection(session: ServerHttp2Session | undefined, account: ApnsAccount): Connection {
  let trusted = false;
  return {
    tokens: openTokenCheck(account),
    trust() {
      if (!trusted && !session?.destroyed) session?.settings({ maxConcurrentStreams: STREAMS_ONCE_TRUSTED });
      trusted = true;
    },
  };
}

function takePush(request: PushRequest, parts: ApnsFakeParts, connection: Connection): Verdict {
  const payload = parseBody(request.body);
  const device = deviceTokenOf(request.path);
  const refusal =
    addressRefusal(request) ??
    connection.tokens.refusal(request.headers['authorization'], request.at.getTime()) ??
    headerRefusal(request, parts.account.bundleId) ??
    payloadRefusal(request, payload);
  const outcome = refusal || device === undefined ? undefined : outcomeFor(device, request, parts);
  const reply = withIds(request, parts, replyTo(request, refusal, outcome));
  if (reply.status === 200) connection.trust();
  if (outcome?.reason === 'ExpiredProviderToken') connection.tokens.forget();
  const verdict = { reply, outcome };
  const record = keep(request, parts, { payload, device, refusal, verdict });
  return { ...verdict, ...(record && { record }) };
}

function replyTo(request: PushRequest, refusal: Refusal | undefined, outcome: Verdict['outcome']): PushReply {
  if (refusal) return refusalReply(refusal);
  return outcome && outcome.status >= 400 ? scriptedReply(outcome, request.at.getTime()) : { status: 200 };
}

function withIds(request: PushRequest, { provider }: ApnsFakeParts, reply: PushReply): PushReply {
  const headers = {
    ...reply.headers,
    'apns-id': request.headers['apns-id'] ?? randomUUID(),
    ...(provider === 'apns-sandbox' && { 'apns-unique-id': randomUUID() }),
  };
  return { ...reply, headers };
}

/** The outcome of a valid push: the token's script comes first, then a fault of the service, then the state of the phone. */
function outcomeFor(device: string, request: PushRequest, parts: ApnsFakeParts): Verdict['outcome'] {
  const since = parts.phones.goneSince(device);
  return (
    parts.script.take(device, parts.provider) ??
    request.fault ??
    (device === NOBODYS_TOKEN ? { status: 400, reason: 'BadDeviceToken' } : undefined) ??
    (since === undefined ? undefined : { status: 410, timestamp: since })
  );
}

interface Handled {
  readonly payload: unknown;
  readonly device: string | undefined;
  readonly refusal: Refusal | undefined;
  readonly verdict: Verdict;
}

function keep(request: PushRequest, parts: ApnsFakeParts, { device, refusal, payload, verdict }: Handled) {
  const { provider, log } = parts;
  const at = request.at.toISOString();
  if (refusal) log.addViolation({ at, provider, rule: refusal.reason, detail: refusal.detail });
  if (device === undefined) return undefined;
  const record = recordOf(request, provider, payload, verdict);
  // A test push may be repeated.
  if (device === NOBODYS_TOKEN) {
    log.add(device, record);
    return record;
  }
  const earlier = log.pushes(device);
  const message = { service: provider, device, keys: isObject(payload) ? payload : {} };
  recordPush({ record, verdict, message, final: isFinal(verdict.reply), delivery: deliveryOf(request) }, parts);
  const second = secondRing(record, earlier);
  if (second) log.addViolation({ at, provider, rule: 'second-voip-push', detail: second });
  return record;
}

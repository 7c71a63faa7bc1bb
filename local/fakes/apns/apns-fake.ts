import { randomUUID } from 'node:crypto';
import type { ServerHttp2Session } from 'node:http2';
import type { ServerIdentity } from '../certificates.ts';
import type { ApnsAccount } from '../credentials.ts';
import { parseBody } from '../json.ts';
import type { PushLog } from '../push-log.ts';
import { recordOf } from '../push-record.ts';
import { type PushReply, type PushRequest, type PushServer, startPushServer, type Verdict } from '../push-server.ts';
import type { OutcomeScript } from '../scripted-outcomes.ts';
import { openTokenCheck, type TokenCheck } from './provider-token.ts';
import { type Refusal, refusalReply, scriptedReply } from './reasons.ts';
import { addressRefusal, deviceTokenOf, headerRefusal, payloadRefusal } from './request-rules.ts';
import { secondRing } from './second-ring.ts';

const STREAMS_ONCE_TRUSTED = 1000;

/** What a fake of APNs is built from. */
export interface ApnsFakeParts {
  readonly identity: ServerIdentity;
  readonly account: ApnsAccount;
  readonly provider: 'apns' | 'apns-sandbox';
  readonly log: PushLog;
  readonly script: OutcomeScript;
}

/** Starts a fake of one environment of Apple's push service. */
export function startApnsFake(parts: ApnsFakeParts): Promise<PushServer> {
  const connections = new WeakMap<ServerHttp2Session, Connection>();
  const connectionOf = (session: ServerHttp2Session | undefined): Connection => {
    const connection = (session && connections.get(session)) ?? openConnection(session, parts.account);
    if (session) connections.set(session, connection);
    return connection;
  };
  return startPushServer({
    identity: parts.identity,
    allowHttp1: false,
    settings: { maxConcurrentStreams: 1 },
    handle: (request) => takePush(request, parts, connectionOf(request.session)),
  });
}

interface Connection {
  readonly tokens: TokenCheck;
  /** Lifts the limit of one request at a time, which holds until a provider token has proved good. */
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
  const outcome = refusal || device === undefined ? undefined : parts.script.take(device, parts.provider);
  const reply = withIds(request, parts, replyTo(request, refusal, outcome));
  if (reply.status === 200) connection.trust();
  if (outcome?.reason === 'ExpiredProviderToken') connection.tokens.forget();
  log(request, parts, { payload, device, refusal, verdict: { reply, outcome } });
  return { reply, outcome };
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

interface Handled {
  readonly payload: unknown;
  readonly device: string | undefined;
  readonly refusal: Refusal | undefined;
  readonly verdict: Verdict;
}

function log(request: PushRequest, { provider, log }: ApnsFakeParts, handled: Handled): void {
  const at = request.at.toISOString();
  const { device, refusal } = handled;
  if (refusal) log.addViolation({ at, provider, rule: refusal.reason, detail: refusal.detail });
  if (device === undefined) return;
  const record = recordOf(request, provider, handled.payload, handled.verdict);
  const second = secondRing(record, log.pushes(device));
  if (second) log.addViolation({ at, provider, rule: 'second-voip-push', detail: second });
  log.add(device, record);
}

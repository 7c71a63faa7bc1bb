import { randomUUID } from 'node:crypto';
import { decrypt } from 'http_ece';
import { isObject, parseBody } from '../../json.ts';
import type { FaultScript } from '../../lab/faults/fault-script.ts';
import type { ServerIdentity } from '../certificates.ts';
import type { PushRecord } from '../push-log.ts';
import { recordOf } from '../push-record.ts';
import type { PushReply, PushRequest, Verdict } from '../push-request.ts';
import { type PushServer, startPushServer } from '../push-server.ts';
import { type PushState, recordPush } from '../record-push.ts';
import type { OutcomeScript } from '../scripted-outcomes.ts';
import { isFinal, type Refusal, refusalReply, scriptedReply } from './errors.ts';
import { requestRefusal } from './request-rules.ts';
import { type NewSubscription, openSubscriptions, type Subscription } from './subscriptions.ts';
import { vapidRefusal } from './vapid-rules.ts';

/** What the push service of browsers needs. */
export interface WebPushFakeParts extends PushState {
  readonly identity: ServerIdentity;
  readonly script: OutcomeScript;
  readonly faults: FaultScript;
}

/** A running push service of browsers. */
export interface WebPushFake extends PushServer {
  /** Subscribes a new browser for the sender with this key. */
  subscribe(applicationServerKey: string): NewSubscription;
}

/** Starts a push service of browsers. Unlike a real one it has their private keys, and so can show what it delivers. */
export async function startWebPushFake(parts: WebPushFakeParts): Promise<WebPushFake> {
  const subscriptions = openSubscriptions();
  const server: PushServer = await startPushServer({
    provider: 'webpush',
    identity: parts.identity,
    allowHttp1: true,
    faults: parts.faults,
    handle: (request) => {
      const subscription = subscriptions.at(request.path);
      const origin = server.endpoint;
      return subscription ? takePush(request, subscription, { ...parts, origin }) : takeStray(request, origin, parts);
    },
  });
  return { ...server, subscribe: (key) => subscriptions.add(server.endpoint, key) };
}

const UNKNOWN: Refusal = { status: 404, rule: 'unknown-subscription', detail: 'there is no such subscription' };

/** A request for no subscription, such as one that has followed a redirect, is shown by its address. */
function takeStray(request: PushRequest, origin: string, { log }: WebPushFakeParts): Verdict {
  const verdict = { reply: refusalReply(UNKNOWN) };
  const record = { ...recordOf(request, 'webpush', null, verdict), raw: request.bytes.toString('base64') };
  log.add(origin + request.path, record);
  return { ...verdict, record };
}

interface WebPushState extends WebPushFakeParts {
  readonly origin: string;
}

function takePush(request: PushRequest, subscription: Subscription, parts: WebPushState): Verdict {
  const { origin, log } = parts;
  const device = origin + request.path;
  const { at, headers } = request;
  const { applicationServerKey } = subscription;
  const refusal =
    requestRefusal(request) ??
    vapidRefusal({ authorization: headers['authorization'], origin, applicationServerKey, at });
  if (refusal)
    log.addViolation({ at: at.toISOString(), provider: 'webpush', rule: refusal.rule, detail: refusal.detail });
  const outcome = refusal ? undefined : outcomeFor(device, request, parts);
  const verdict = { reply: refusal ? refusalReply(refusal) : replyTo(request, origin, outcome), outcome };
  const body = decrypted(request.bytes, subscription);
  const record: PushRecord = {
    ...recordOf(request, 'webpush', body, verdict),
    raw: request.bytes.toString('base64'),
  };
  const message = { service: 'webpush' as const, device, keys: isObject(body) ? body : { raw: record.raw } };
  recordPush({ record, verdict, message, final: isFinal(verdict.reply), delivery: deliveryOf(request) }, parts);
  return { ...verdict, record };
}

/** The outcome of a valid push: the endpoint's script comes first, then a fault of the service, then the state of the browser. */
const outcomeFor = (device: string, request: PushRequest, { script, phones }: WebPushState): Verdict['outcome'] =>
  script.take(device, 'webpush') ??
  request.fault ??
  (phones.goneSince(device) === undefined ? undefined : { status: 410 });

function replyTo({ headers }: PushRequest, origin: string, outcome: Verdict['outcome']): PushReply {
  if (outcome && outcome.status >= 400) return scriptedReply(outcome);
  const status = outcome && outcome.status !== 200 ? outcome.status : 201;
  if (status >= 300)
    return { status, headers: { location: outcome?.location ?? `${origin}/elsewhere/${randomUUID()}` } };
  return { status, headers: { location: `${origin}/message/${randomUUID()}`, ttl: headers['ttl'] ?? '0' } };
}

/** What the browser reads; null if it cannot: it drops such a message. */
function decrypted(message: Buffer, { privateKey, auth }: Subscription): unknown {
  try {
    return parseBody(decrypt(message, { version: 'aes128gcm', privateKey, authSecret: auth }).toString());
  } catch {
    return null;
  }
}

function deliveryOf({ headers, at }: PushRequest) {
  const { ttl, urgency, topic } = headers;
  return {
    keptUntil: at.getTime() + Number(ttl) * 1000,
    urgent: urgency === 'high',
    ...(topic !== undefined && { slot: topic }),
  };
}

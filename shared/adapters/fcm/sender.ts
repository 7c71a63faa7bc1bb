import { setTimeout as after } from 'node:timers/promises';
import { initializeApp } from 'firebase-admin/app';
import { getMessaging, type Message, type Messaging } from 'firebase-admin/messaging';
import * as z from 'zod';
import { type Clock, SECOND_MS } from '#domain/time.ts';
import type { PushOutcome, PushSender } from '#ports/push-sender.ts';
import { type Account, AccountRefused, serviceAccountCredential } from './credential.ts';
import { endpointAgent } from './endpoint-agent.ts';
import { type FcmMessage, fcmMessage } from './message.ts';
import { fcmOutcome } from './outcome.ts';

export interface FcmSenderOptions {
  /** The account of a named push provider, as configured now. */
  readonly account: (name: string) => Promise<Account | undefined>;
  readonly clock: Clock;
  /** `https://host:port` to use instead of Google's own hosts. */
  readonly endpoint?: string | undefined;
}

/** One attempt must leave room for others before the ring is over. */
const ATTEMPT_MS = 3000;

const TIMED_OUT: PushOutcome = { kind: 'retryable', status: 0, reason: 'timeout' };

/** Pushes through FCM's HTTP v1 API with firebase-admin, over warm connections. */
export function fcmSender({ account, clock, endpoint }: FcmSenderOptions): PushSender {
  const agent = endpointAgent(endpoint);
  const clients = new Map<string, Messaging>();
  const clientFor = (name: string, of: Account): Messaging => {
    const identity = JSON.stringify([name, of.project_id, of.client_email, of.private_key]);
    const client = clients.get(identity) ?? messagingOf(of, agent);
    clients.set(identity, client);
    return client;
  };
  return {
    async send(device, push) {
      const configured = await account(device.providerName);
      if (!configured) return { kind: 'refused', status: 0, reason: `no firebase provider ${device.providerName}` };
      const attempt = clientFor(device.providerName, configured)
        .send(libraryMessage(fcmMessage(device, push, clock())))
        .then((messageId): PushOutcome => ({ kind: 'accepted', messageId }), outcomeOf);
      return Promise.race([attempt, after(ATTEMPT_MS, TIMED_OUT, { ref: false })]);
    },
  };
}

/** The library writes the seconds and the names of FCM by itself. */
const libraryMessage = ({ token = '', fid, data, android }: FcmMessage): Message => ({
  ...(fid === undefined ? { token } : { fid }),
  data: { ...data },
  android: {
    priority: android.priority,
    ttl: Number.parseInt(android.ttl, 10) * SECOND_MS,
    directBootOk: android.direct_boot_ok,
  },
});

function messagingOf(account: Account, agent: ReturnType<typeof endpointAgent>): Messaging {
  const app = initializeApp(
    { credential: serviceAccountCredential(account, agent), projectId: account.project_id, httpAgent: agent },
    `${account.project_id}-${crypto.randomUUID()}`,
  );
  const messaging = getMessaging(app);
  withoutOwnRetries(messaging);
  return messaging;
}

const retrying = z.object({ messagingRequestHandler: z.object({ httpClient: z.object({ retry: z.unknown() }) }) });

/** firebase-admin retries behind our back for seconds, whatever became of the ring; there is no public switch for it. */
function withoutOwnRetries(messaging: Messaging): void {
  if (!retrying.safeParse(messaging).success)
    throw new Error('this firebase-admin hides its retries: they cannot be turned off');
  const client: unknown = Reflect.get(Reflect.get(messaging, 'messagingRequestHandler'), 'httpClient');
  Reflect.set(Object(client), 'retry', undefined);
}

const answered = z.object({
  httpResponse: z.object({
    status: z.number(),
    data: z.unknown().optional(),
    headers: z.looseObject({ 'retry-after': z.string().optional() }).optional(),
  }),
});

const failed = z.object({ code: z.string().optional(), message: z.string().optional() });

function outcomeOf(error: unknown): PushOutcome {
  const answer = answered.safeParse(error);
  if (answer.success) {
    const { status, data, headers } = answer.data.httpResponse;
    return fcmOutcome({ status, data, retryAfter: headers?.['retry-after'] });
  }
  if (isRefusal(error)) return { kind: 'refused', status: 0, reason: 'bad credentials' };
  const { code = 'unknown' } = failed.parse(error);
  return UNANSWERED.has(code)
    ? { kind: 'retryable', status: 0, reason: code }
    : { kind: 'refused', status: 0, reason: code };
}

/** Whether Google refused the account, however deep the library has wrapped that. */
const isRefusal = (error: unknown): boolean =>
  error instanceof AccountRefused || (error instanceof Error && error.cause !== undefined && isRefusal(error.cause));

/** Codes that say that nobody answered. */
const UNANSWERED: ReadonlySet<string> = new Set(['app/network-error', 'app/network-timeout', 'app/invalid-credential']);

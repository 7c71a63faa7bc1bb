import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { dynamoBusyLockStore } from '#adapters/dynamodb/busy-lock-store.ts';
import { dynamoCallStore } from '#adapters/dynamodb/call-store.ts';
import { dynamoMailbox } from '#adapters/dynamodb/mailbox.ts';
import { dynamoPresenceStore } from '#adapters/dynamodb/presence-store.ts';
import { dynamoPushLog } from '#adapters/dynamodb/push-log.ts';
import { dynamoPushTokenStore } from '#adapters/dynamodb/push-token-store.ts';
import { dynamoSignOutStore } from '#adapters/dynamodb/sign-out-store.ts';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import { dynamoTraceStore } from '#adapters/dynamodb/trace-store.ts';
import type { PushToken } from '#domain/push-token/token.ts';
import type { BusyLockStore } from '#ports/busy-lock-store.ts';
import type { Push, PushOutcome } from '#ports/push-sender.ts';
import type { RingJob } from '#ports/queues.ts';
import type { SignOutStore } from '#ports/sign-out-store.ts';
import type { RetryPushDeps } from '#usecases/ringing/retry-push.ts';
import type { RetryStopOrNoticeDeps } from '#usecases/ringing/retry-stop-or-notice.ts';
import type { RingMemberDeps } from '#usecases/ringing/ring-member.ts';
import type { SilenceMemberDeps } from '#usecases/ringing/silence-member.ts';
import { anAndroidPhone, NOON } from './builders.ts';

type Deps = RingMemberDeps & RetryPushDeps & SilenceMemberDeps & RetryStopOrNoticeDeps;

/** Bob's phones, by the first letter of their tokens, and what is pushed to them; `answer` says what comes of a ring's push. */
export function bobsPhones(answer: (phone: string) => Promise<PushOutcome>) {
  const table = dynamoTable(inject('dynamodb').table, () => NOON);
  const userId = `bob-${randomUUID()}`;
  const pushed: string[] = [];
  const planned: RingJob[] = [];
  const sent: Push[] = [];
  const deps: Deps & { readonly busyLocks: BusyLockStore; readonly signOuts: SignOutStore } = {
    busyLocks: dynamoBusyLockStore(table),
    signOuts: dynamoSignOutStore(table),
    clock: () => NOON,
    calls: dynamoCallStore(table, 30),
    pushTokens: dynamoPushTokenStore(table),
    presence: dynamoPresenceStore(table),
    mailbox: dynamoMailbox(table),
    pushLog: dynamoPushLog(table),
    traces: dynamoTraceStore(table, 30),
    peers: { send: async () => 'gone', isOpen: async () => false },
    ringJobs: { send: async (jobs) => void planned.push(...jobs) },
    timers: { send: async () => undefined },
    sender: {
      async send({ token }, push) {
        const { kind } = push;
        sent.push(push);
        const phone = token.slice(0, 1);
        pushed.push(`${phone} ${kind}`);
        return kind === 'ring' ? answer(phone) : { kind: 'accepted', messageId: 'm' };
      },
    },
    mint: { login: async () => 'login', wake: async () => 'wake', call: async () => 'call' },
    providers: { ringingByAlert: async () => new Set<string>() },
    meter: { record: () => undefined },
    wait: () => new Promise(() => undefined),
    random: () => 0.5,
    vanishGraceMs: 20_000,
  };
  const registered = (phone: string, extra: Partial<PushToken> = {}) =>
    deps.pushTokens.register(
      anAndroidPhone({ userId, key: `${phone}-${userId}`, token: `${phone}-${userId}`, hardwareId: phone, ...extra }),
    );
  const removed = async (phone: string) => {
    const gone = (await deps.pushTokens.list(userId)).filter(({ token }) => token === `${phone}-${userId}`);
    await Promise.all(gone.map((pushToken) => deps.pushTokens.removeIfUnchanged(pushToken, 'removed')));
  };
  return { deps, userId, pushed, sent, planned, registered, removed };
}

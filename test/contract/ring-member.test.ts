import { randomUUID } from 'node:crypto';
import { expect, inject, it } from 'vitest';
import { dynamoCallStore } from '#adapters/dynamodb/call-store.ts';
import { dynamoMailbox } from '#adapters/dynamodb/mailbox.ts';
import { dynamoPresenceStore } from '#adapters/dynamodb/presence-store.ts';
import { dynamoPushLog } from '#adapters/dynamodb/push-log.ts';
import { dynamoPushTokenStore } from '#adapters/dynamodb/push-token-store.ts';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import { dynamoTraceStore } from '#adapters/dynamodb/trace-store.ts';
import type { Call } from '#domain/call/call.ts';
import type { PushOutcome } from '#ports/push-sender.ts';
import type { RingJob } from '#ports/queues.ts';
import { type RetryStopOrNoticeDeps, retryStopOrNotice } from '#usecases/ringing/retry-stop-or-notice.ts';
import { type RingMemberDeps, ringMember } from '#usecases/ringing/ring-member.ts';
import { type SilenceMemberDeps, silenceMember } from '#usecases/ringing/silence-member.ts';
import { anAndroidPhone, aRingingCall, NOON } from '../support/builders.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';

useEmbeddedTable();

/** Bob's phones, by the first letter of their tokens, and what is pushed to them; `answer` says what comes of a ring's push. */
function bobsPhones(answer: (phone: string) => Promise<PushOutcome>) {
  const table = dynamoTable(inject('dynamodb').table, () => NOON);
  const userId = `bob-${randomUUID()}`;
  const pushed: string[] = [];
  const planned: RingJob[] = [];
  const deps: RingMemberDeps & SilenceMemberDeps & RetryStopOrNoticeDeps = {
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
      async send({ token }, { kind }) {
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
  const registered = (phone: string) =>
    deps.pushTokens.register(
      anAndroidPhone({ userId, key: `${phone}-${userId}`, token: `${phone}-${userId}`, hardwareId: phone }),
    );
  return { deps, userId, pushed, planned, registered };
}

const stopOf = ({ cid }: Call, userId: string) => ({
  type: 'stop' as const,
  cid,
  stop: { userId, ringId: 'ring-1', type: 'call.cancelled' as const, notify: true },
});

it('tells a phone of the missed call that refused its push while the other one was still being pushed', async () => {
  const { deps, userId, pushed, planned, registered } = bobsPhones(async (phone) => {
    if (phone === 'a') return { kind: 'refused', status: 400, reason: 'INVALID_ARGUMENT' };
    await silenceMember(deps)(stopOf(call, userId), false);
    return { kind: 'accepted', messageId: 'm' };
  });
  const call = aRingingCall([userId], { cid: `default:${randomUUID()}` });
  await Promise.all([deps.calls.create(call), registered('a'), registered('b')]);
  await ringMember(deps)({ type: 'ring', cid: call.cid, userId, ringId: 'ring-1' }, false);
  expect(pushed.toSorted()).toEqual(['a ring', 'b ring', 'b stop']);
  expect(planned).toEqual([expect.objectContaining({ type: 'retry-notice', pushTokenKey: `a-${userId}` })]);
  for (const job of planned) if (job.type === 'retry-notice') await retryStopOrNotice(deps)(job, false);
  expect(pushed.at(-1)).toBe('a missed');
});

it('keeps the offer of a ring before any phone is pushed, once however often the message comes', async () => {
  const kept: number[] = [];
  const { deps, userId, registered } = bobsPhones(async () => {
    kept.push((await deps.mailbox.read({ cid: call.cid, userId, ringId: 'ring-1' })).length);
    return { kind: 'accepted', messageId: 'm' };
  });
  const call = aRingingCall([userId], { cid: `default:${randomUUID()}` });
  await Promise.all([deps.calls.create(call), registered('a')]);
  const offer = { type: 'sdp.offer' as const, from: 'alice', at: NOON, body: { sdp: 'v=0' } };
  const job = { type: 'ring' as const, cid: call.cid, userId, ringId: 'ring-1', offer };
  await ringMember(deps)(job, false);
  await ringMember(deps)(job, false);
  expect(kept).toEqual([1]);
  expect(await deps.mailbox.read({ cid: call.cid, userId, ringId: 'ring-1' })).toEqual([offer]);
});

import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Call } from '#domain/call/call.ts';
import { retryStopOrNotice } from '#usecases/ringing/retry-stop-or-notice.ts';
import { ringMember } from '#usecases/ringing/ring-member.ts';
import { silenceMember } from '#usecases/ringing/silence-member.ts';
import { bobsPhones } from '../support/bobs-phones.ts';
import { aRingingCall, NOON } from '../support/builders.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';

useEmbeddedTable();

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

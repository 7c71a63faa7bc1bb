import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { later } from '#domain/time.ts';
import type { PushOutcome } from '#ports/push-sender.ts';
import { busyLockOn } from '#usecases/calls/announce.ts';
import { isSignedOut } from '#usecases/devices/is-signed-out.ts';
import { registerDevice } from '#usecases/devices/register-device.ts';
import { removeDevice } from '#usecases/devices/remove-device.ts';
import { ringMember } from '#usecases/ringing/ring-member.ts';
import { silenceMember } from '#usecases/ringing/silence-member.ts';
import { silenceRemoved } from '#usecases/ringing/silence-removed.ts';
import { bobsPhones } from '../support/bobs-phones.ts';
import { aRingingCall, NOON } from '../support/builders.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';

useEmbeddedTable();

const ACCEPTED: PushOutcome = { kind: 'accepted', messageId: 'm' };

/** A phone `a` of bob's that rings; `duringPush` runs while the push service has not answered yet. */
async function aRingingPhone(duringPush: () => Promise<unknown> = async () => undefined) {
  const phones = bobsPhones(async (phone) => {
    if (phone === 'a') await duringPush();
    return ACCEPTED;
  });
  const { deps, userId, planned } = phones;
  const call = aRingingCall([userId], { cid: `default:${randomUUID()}` });
  await deps.calls.create(call);
  await deps.busyLocks.claim({ userId }, busyLockOn(call, NOON));
  const phone = (owner: string, name = 'a', clock = deps.clock) =>
    registerDevice({ ...deps, clock, webPushHosts: [] })(
      { userId: owner, token: `${name}-${userId}`, provider: 'firebase', hardwareId: name },
      { kind: 'login' },
    );
  await phone(userId);
  return {
    ...phones,
    call,
    phone,
    ring: () => ringMember(deps)({ type: 'ring', cid: call.cid, userId, ringId: 'ring-1' }, false),
    remove: () => removeDevice(deps)(userId, `a-${userId}`),
    /** Does the work that was queued. */
    work: async (redelivered = false) => {
      for (const job of planned.splice(0))
        if (job.type === 'stop-removed') await silenceRemoved(deps)(job, redelivered);
    },
    end: () =>
      silenceMember(deps)(
        {
          type: 'stop',
          cid: call.cid,
          stop: { userId, ringId: 'ring-1', type: 'call.cancelled', notify: true },
        },
        false,
      ),
  };
}

describe('a token that leaves its user while it rings', () => {
  it.each([
    ['is removed', 'removed', ({ remove }: Phone) => remove()],
    ['is registered by another user', 'moved_to_another_user', ({ phone }: Phone) => phone(`carol-${randomUUID()}`)],
    [
      'is pushed out by newer ones',
      'too_many_devices',
      async ({ phone, userId }: Phone) => {
        for (let i = 0; i < 25; i += 1) await phone(userId, `n${i}`, () => later(NOON, 1 + i));
      },
    ],
  ])('is silenced when it %s', async (_, reason, leave) => {
    const phone = await aRingingPhone();
    await phone.ring();
    await leave(phone);
    expect(phone.planned).toEqual([expect.objectContaining({ type: 'stop-removed', reason })]);
    await phone.work();
    await phone.work(true);
    await phone.end();
    expect(phone.pushed.filter((one) => one.startsWith('a'))).toEqual(['a ring', 'a stop']);
    expect(phone.sent.filter(({ kind }) => kind === 'stop')).toMatchObject([{ type: 'call.ended', notify: false }]);
    const removed = (await phone.deps.traces.read(phone.call.cid)).filter(({ event }) => event === 'device.removed');
    expect(removed).toMatchObject([{ details: { reason } }]);
  });

  it('is silenced even if it takes the ring only after it has left', async () => {
    const phone: Phone = await aRingingPhone(async () => {
      await phone.remove();
      await phone.work();
    });
    await phone.ring();
    expect(phone.pushed).toEqual(['a ring', 'a stop']);
    expect(phone.sent.at(-1)).toMatchObject({ kind: 'stop', type: 'call.ended', notify: false });
  });

  it('is not rung if the push has not left yet', async () => {
    const phone = await aRingingPhone();
    const { pushTokens } = phone.deps;
    const [token] = await pushTokens.list(phone.userId);
    await phone.remove();
    await phone.work();
    if (token) await pushTokens.register(token);
    await phone.ring();
    expect(phone.pushed).toEqual([]);
  });

  it('hears nothing if no ring is on', async () => {
    const phone = await aRingingPhone();
    const { deps, call } = phone;
    await deps.busyLocks.release({ userId: phone.userId }, { cid: call.cid, version: call.version + 1 });
    await phone.remove();
    expect(phone.planned).toEqual([]);
  });

  it('cannot be spoken for by its wake tokens any more', async () => {
    const phone = await aRingingPhone();
    const [token] = await phone.deps.pushTokens.list(phone.userId);
    const tokenFingerprint = `device:${token?.key}`;
    const signedOut = (kind: 'wake' | 'call', userId = phone.userId) =>
      isSignedOut(phone.deps)({ kind, userId, tokenFingerprint, cid: phone.call.cid });
    expect(await signedOut('wake')).toBe(false);
    expect(await signedOut('wake', 'carol')).toBe(true);
    await phone.remove();
    expect(await signedOut('wake')).toBe(true);
    expect(await signedOut('call')).toBe(false);
  });
});

type Phone = Awaited<ReturnType<typeof aRingingPhone>>;

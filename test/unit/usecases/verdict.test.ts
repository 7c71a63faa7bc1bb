import { describe, expect, it } from 'vitest';
import type { Member } from '#domain/call/call.ts';
import { later } from '#domain/time.ts';
import type { TraceEvent } from '#ports/trace.ts';
import { NOON } from '#test/support/builders.ts';
import { verdictForOthers, verdictOf } from '#usecases/trace/verdict.ts';

const at = (ms: number, event: string, details: TraceEvent['details'] = {}, userId = 'bob'): TraceEvent => ({
  at: later(NOON, ms),
  event,
  userId,
  details: { type: 'call.ring', ring_id: 'r1', ...details },
});

const requested = at(0, 'ring.requested', {}, 'alice');
const android = { provider: 'firebase', device: 'android' };
const iphone = { provider: 'apn', device: 'iphone' };
const accepted = at(40, 'push.accepted', android);
const rang = at(812, 'device.ringing', { hardware_id: 'pixel' });
const refused = (device: object, status: number, reason: string, extra: object = {}) =>
  at(50, 'push.failed', { ...device, status, reason, ...extra });

const bob = (state: Member['state'], ms = 0, extra: Partial<Member> = {}): Member => ({
  userId: 'bob',
  role: 'user',
  state,
  since: later(NOON, ms),
  ringId: 'r1',
  ...extra,
});

describe('the verdict on a ring', () => {
  it.each<[string, Member, TraceEvent[]]>([
    ['rang after 812 ms', bob('ringing'), [accepted, rang]],
    ['rang after 812 ms, answered after 2400 ms', bob('accepted', 2400), [accepted, rang]],
    ['rang after 812 ms, declined after 900 ms', bob('rejected', 900), [accepted, rang]],
    ['rang after 812 ms, not answered', bob('missed', 45_000), [accepted, rang]],
    ['rang after 812 ms, cancelled after 3000 ms', bob('missed', 3000, { reason: 'cancelled' }), [accepted, rang]],
    ['FCM took the push after 40 ms, but no phone said that it rings', bob('ringing'), [accepted]],
    ['FCM took the push after 40 ms, answered after 2400 ms', bob('accepted', 2400), [accepted]],
    ['told over a socket after 9 ms, but no phone said that it rings', bob('missed'), [at(9, 'event.delivered')]],
    ['not rung: APNs refused the topic', bob('missed', 45_000), [refused(iphone, 400, 'DeviceTokenNotForTopic')]],
    ['not rung: FCM says that the token is dead', bob('ringing'), [refused(android, 404, 'UNREGISTERED')]],
    [
      'not rung: FCM was not available (503 UNAVAILABLE), to be tried again; APNs refused our key',
      bob('ringing'),
      [refused(android, 503, 'UNAVAILABLE', { retry_in_ms: 900 }), refused(iphone, 403, 'InvalidProviderToken')],
    ],
    ['not rung: APNs did not answer (timeout)', bob('missed'), [refused(iphone, 0, 'timeout')]],
    ['not rung: no apn provider second', bob('missed'), [refused(iphone, 0, 'no apn provider second')]],
    [
      'not rung: FCM refused the push (400 INVALID_ARGUMENT)',
      bob('missed'),
      [refused(android, 400, 'INVALID_ARGUMENT')],
    ],
    ['not rung: FCM has not answered yet', bob('ringing'), [at(1, 'push.attempted', android)]],
    ['not rung: its pushes have not left yet', bob('ringing'), []],
    ['not rung: busy in another call', bob('busy'), [at(3, 'push.skipped', { ...android, reason: 'busy' })]],
    [
      'not rung: no phone is registered and no app is connected',
      bob('missed', 45_000),
      [at(5, 'call.unreachable', { reason: 'no_devices' })],
    ],
    [
      'not rung: no webpush provider second',
      bob('missed'),
      [at(2, 'push.skipped', { reason: 'provider_not_configured', cause: 'no webpush provider second' })],
    ],
    [
      'cancelled after 12 ms',
      bob('missed', 12, { reason: 'cancelled' }),
      [at(20, 'push.skipped', { reason: 'ring_is_over' })],
    ],
    ['answered after 300 ms', bob('accepted', 300), []],
    [
      'rang after 812 ms, answered after 2400 ms',
      bob('left', 60_000),
      [accepted, rang, { ...at(2400, 'call.accepted'), details: {} }],
    ],
    [
      'not rung: FCM was not available (503 UNAVAILABLE)',
      bob('missed', 45_000),
      [refused(android, 503, 'UNAVAILABLE'), at(45_100, 'push.skipped', { ...android, reason: 'ring_is_over' })],
    ],
  ])('%s', (verdict, member, events) => {
    expect(verdictOf(member, [requested, ...events])).toBe(verdict);
  });

  it('is about the latest ring alone', () => {
    const again = { ring_id: 'r2' };
    const events = [
      requested,
      accepted,
      rang,
      at(60_000, 'ring.requested', again, 'alice'),
      at(60_500, 'device.ringing', again),
    ];
    expect(verdictOf(bob('ringing', 60_000, { ringId: 'r2' }), events)).toBe('rang after 500 ms');
  });

  it('says of a member whom nobody has rung that nobody has', () => {
    const { ringId: _, ...invited } = bob('invited');
    expect(verdictOf(invited, [requested])).toBe('not rung: nobody has asked for it');
  });
});

describe('the verdict for other members of the call', () => {
  const unreachable = at(900, 'call.unreachable', { reason: 'all_tokens_dead' });
  it.each<[string, Member, TraceEvent[]]>([
    ['rang after 812 ms', bob('ringing'), [rang]],
    ['rang after 812 ms, declined after 2000 ms', bob('rejected', 2000, { reason: 'in a meeting' }), [rang]],
    ['rang after 812 ms, not answered', bob('missed', 45_000), [rang]],
    ['answered after 300 ms', bob('accepted', 300), []],
    ['declined after 900 ms', bob('rejected', 900), []],
    ['cancelled after 3000 ms', bob('missed', 3000, { reason: 'cancelled' }), []],
    ['not answered', bob('missed', 45_000), []],
    ['not rung: busy in another call', bob('busy'), []],
    ['no phone has said yet that it rings', bob('ringing'), []],
    ['no phone can be reached', bob('ringing'), [unreachable]],
    ['no phone can be reached', bob('missed', 45_000), [unreachable]],
    ['answered after 5000 ms', bob('accepted', 5000), [unreachable]],
  ])('%s', (verdict, member, events) => {
    expect(verdictForOthers(member, [requested, ...events])).toBe(verdict);
  });

  it('says nothing of what became of pushes', () => {
    const rows = [requested, accepted, refused(iphone, 400, 'DeviceTokenNotForTopic'), at(9, 'event.delivered')];
    expect(verdictForOthers(bob('missed', 45_000), rows)).toBe('not answered');
  });
});

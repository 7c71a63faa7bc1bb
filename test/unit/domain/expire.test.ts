import { describe, expect, it } from 'vitest';
import { asOf, expire } from '#domain/call/expire.ts';
import { later } from '#domain/time.ts';
import { aCreatedCall, anActiveCall, aRingingCall, NOON } from '../../support/builders.ts';

const DEADLINE = later(NOON, 45_000);

describe('time', () => {
  it('does nothing to a ring before its deadline', () => {
    expect(expire(aRingingCall(), later(DEADLINE, -1))).toBeUndefined();
  });
  it('makes a ring that nobody answered missed, at its deadline, whoever looks when', () => {
    for (const lateness of [0, 1, 60_000]) {
      const change = expire(aRingingCall(), later(DEADLINE, lateness));
      expect(change?.to).toMatchObject({ status: 'ended', endedReason: 'missed', endedAt: DEADLINE, version: 3 });
      expect(change?.to).not.toHaveProperty('endedBy');
      expect(change?.effects.stops).toMatchObject([{ userId: 'bob', type: 'call.missed', notify: true }]);
      expect(change?.effects.events.map(({ type }) => type)).toEqual(['call.missed', 'call.ended']);
    }
  });
  it('shows what is due before it is written', () => {
    expect(asOf(aRingingCall(), DEADLINE).members['bob']?.state).toBe('missed');
  });
  it('takes one member of an active call out without ending it', () => {
    const change = expire(anActiveCall(['bob', 'carol']), DEADLINE);
    expect(change?.to.status).toBe('active');
    expect(change?.to.members['carol']?.state).toBe('missed');
    expect(change?.effects.events).toMatchObject([{ type: 'call.missed', to: ['alice', 'carol'] }]);
  });
  it('ends a call that lasted too long, and one that never rang', () => {
    const active = anActiveCall();
    expect(expire(active, active.endsAt)?.to).toMatchObject({ endedReason: 'completed', endedAt: active.endsAt });
    const created = aCreatedCall();
    expect(expire(created, created.endsAt)?.to.endedReason).toBe('failed');
  });
});

import { describe, expect, it } from 'vitest';
import { type Call, keepsBusy } from '#domain/call/call.ts';
import type { Change } from '#domain/call/change.ts';
import { type CallCommand, decide } from '#domain/call/decide.ts';
import { later } from '#domain/time.ts';
import { aCreatedCall, anActiveCall, aRingingCall, NOON, onPhone } from '../../support/builders.ts';

const run = (call: Call, command: CallCommand, now = NOON): Change => {
  const decision = decide(call, command, now);
  if (decision.kind !== 'changed') throw new Error(`expected a change, got ${JSON.stringify(decision)}`);
  return decision.change;
};
const refusal = (call: Call, command: CallCommand) => {
  const decision = decide(call, command, NOON);
  return decision.kind === 'refused' ? decision.code : decision.kind;
};
const events = ({ effects }: Change) =>
  effects.events.map(({ type, to }) => `${type} → ${[...to].toSorted().join(',')}`);
const accept = (by: string, hardwareId: string): CallCommand => ({ type: 'accept', by, on: onPhone(hardwareId) });
const reject = (by: string): CallCommand => ({ type: 'reject', by, on: onPhone('phone'), reason: 'decline' });

describe('ring', () => {
  it('rings everybody who is invited, until the deadline', () => {
    const { to, effects } = run(aCreatedCall(['bob', 'carol']), { type: 'ring', by: 'alice', ringId: 'r', busy: [] });
    expect(to.status).toBe('ringing');
    expect(to.ringExpiresAt).toBe(later(NOON, 45_000));
    expect(effects.rings).toEqual(['bob', 'carol']);
    expect(to.members['bob']).toMatchObject({ state: 'ringing', ringId: 'r', ringExpiresAt: later(NOON, 45_000) });
  });
  it('changes nothing when its id was seen before', () => {
    expect(refusal(aRingingCall(), { type: 'ring', by: 'alice', ringId: 'ring-1', busy: [] })).toBe('unchanged');
  });
  it('makes a busy callee busy, tells the caller alone and owes the callee a notice', () => {
    const change = run(aCreatedCall(['bob', 'carol']), { type: 'ring', by: 'alice', ringId: 'r', busy: ['bob'] });
    expect(change.to.members['bob']?.state).toBe('busy');
    expect(change.effects).toMatchObject({ rings: ['carol'], notices: ['bob'] });
    expect(events(change)).toEqual(['call.rejected → alice']);
  });
  it('ends with rejected where every callee is busy', () => {
    const change = run(aCreatedCall(), { type: 'ring', by: 'alice', ringId: 'r', busy: ['bob'] });
    expect(change.to).toMatchObject({ status: 'ended', endedReason: 'rejected' });
    expect(events(change)).toEqual(['call.rejected → alice', 'call.ended → alice,bob']);
  });
  it('rings who rejected again only by name', () => {
    const call = run(anActiveCall(['bob', 'carol']), reject('carol')).to;
    expect(refusal(call, { type: 'ring', by: 'alice', ringId: 'again', busy: [] })).toBe('unchanged');
    const change = run(call, { type: 'ring', by: 'alice', ringId: 'again', busy: [], members: ['carol'] });
    expect(change.effects.rings).toEqual(['carol']);
    expect(change.to.ringExpiresAt).toBe(call.ringExpiresAt);
  });
  it('refuses strangers, by and for', () => {
    expect(refusal(aCreatedCall(), { type: 'ring', by: 'mallory', ringId: 'r', busy: [] })).toBe('not_a_member');
    expect(refusal(aCreatedCall(), { type: 'ring', by: 'alice', ringId: 'r', busy: [], members: ['mallory'] })).toBe(
      'not_a_member',
    );
  });
});

describe('a hosted call', () => {
  const hosted = (extra: Partial<Call> = {}): Call => aRingingCall(['bob'], { mediaProvider: 'agora', ...extra });

  it('keeps both busy while it rings, and nobody once it is answered', () => {
    const call = hosted();
    expect(['alice', 'bob'].map((userId) => keepsBusy(call, userId, NOON))).toEqual([true, true]);
    const { to, effects } = run(call, accept('bob', 'phone'));
    expect(to.status).toBe('active');
    expect(effects).toMatchObject({ lockedBusy: [], unlockedBusy: ['alice', 'bob'] });
    expect(['alice', 'bob'].map((userId) => keepsBusy(to, userId, NOON))).toEqual([false, false]);
  });
  it('makes nobody busy by its answer who placed it out of another call', () => {
    const { effects } = run(hosted({ callerBusyIn: 'default:other', busy: 'ring' }), accept('bob', 'phone'));
    expect(effects.lockedBusy).toEqual([]);
  });
  it('is between two people', () => {
    const add: CallCommand = { type: 'add', by: 'alice', members: ['carol'], asServer: true };
    expect(refusal(hosted(), add)).toBe('not_allowed');
  });
});

describe('accept', () => {
  it('makes the call active, silences the other phones and tells everybody', () => {
    const change = run(aRingingCall(), accept('bob', 'phone'));
    expect(change.to).toMatchObject({ status: 'active', acceptedAt: NOON, version: 3 });
    expect(change.to.members['bob']).toMatchObject({ state: 'accepted', handset: onPhone('phone') });
    expect(change.effects.stops).toEqual([
      { userId: 'bob', ringId: 'ring-1', type: 'call.accepted', notify: false, except: onPhone('phone') },
    ]);
    expect(events(change)).toEqual(['call.accepted → alice,bob']);
  });
  it('is answered the same when the winning device repeats it, and refused to another', () => {
    expect(refusal(anActiveCall(), accept('bob', 'phone'))).toBe('unchanged');
    expect(refusal(anActiveCall(), accept('bob', 'tablet'))).toBe('already_answered');
  });
  it('is refused before any ring, after the end, and to strangers', () => {
    expect(refusal(aCreatedCall(), accept('bob', 'phone'))).toBe('not_ringing');
    expect(refusal(run(aRingingCall(), reject('bob')).to, accept('bob', 'phone'))).toBe('call_ended');
    expect(refusal(aRingingCall(), accept('mallory', 'phone'))).toBe('not_a_member');
  });
  it('lets who rejected join while the call is active, not while it still rings', () => {
    const ringing = run(aRingingCall(['bob', 'carol']), reject('carol')).to;
    expect(refusal(ringing, accept('carol', 'phone'))).toBe('not_ringing');
    const change = run(run(ringing, accept('bob', 'phone')).to, accept('carol', 'phone'));
    expect(change.to.members['carol']?.state).toBe('accepted');
    expect(change.effects.lockedBusy).toEqual(['carol']);
  });
  it.each([
    ['silences the other phones of whoever has declined, since that may have crashed before', 44_999, ['carol']],
    ['silences nobody once the ring that was declined would be over', 45_000, []],
  ])('%s', (_, ms, silenced) => {
    const declined = run(anActiveCall(['bob', 'carol']), reject('carol')).to;
    const { effects } = run(declined, accept('carol', 'tablet'), later(NOON, ms));
    expect(effects.stops.map(({ userId }) => userId)).toEqual(silenced);
  });
  it('lets the others of a group ring on', () => {
    const change = run(aRingingCall(['bob', 'carol']), accept('bob', 'phone'));
    expect(change.to.members['carol']?.state).toBe('ringing');
    expect(change.effects.stops.map(({ userId }) => userId)).toEqual(['bob']);
  });
});

describe('reject', () => {
  it('ends a two-person call with rejected', () => {
    const change = run(aRingingCall(), reject('bob'));
    expect(change.to).toMatchObject({ status: 'ended', endedReason: 'rejected', endedBy: 'bob' });
    expect(events(change)).toEqual(['call.rejected → alice,bob', 'call.ended → alice,bob']);
    expect(change.effects.stops).toMatchObject([{ userId: 'bob', type: 'call.rejected', notify: false }]);
    expect([...change.effects.unlockedBusy].toSorted()).toEqual(['alice', 'bob']);
  });
  it('leaves the others of a group ringing', () => {
    const change = run(aRingingCall(['bob', 'carol']), reject('bob'));
    expect(change.to.status).toBe('ringing');
    expect(change.effects.unlockedBusy).toEqual(['bob']);
  });
  it('is answered the same when repeated, and refused after an answer', () => {
    expect(refusal(run(aRingingCall(), reject('bob')).to, reject('bob'))).toBe('unchanged');
    expect(refusal(anActiveCall(), reject('bob'))).toBe('already_answered');
  });
});

describe('cancel, leave and end', () => {
  it('cancels with a missed-call notice while nobody has accepted, however the caller goes', () => {
    const ways: CallCommand[] = [
      { type: 'cancel', by: 'alice' },
      { type: 'reject', by: 'alice', on: onPhone('a'), reason: 'cancel' },
      { type: 'leave', by: 'alice' },
      { type: 'end', by: 'alice', on: onPhone('a') },
    ];
    for (const command of ways) {
      const change = run(aRingingCall(), command);
      expect(change.to).toMatchObject({ status: 'ended', endedReason: 'cancelled', endedBy: 'alice' });
      expect(change.effects.stops).toMatchObject([{ userId: 'bob', type: 'call.cancelled', notify: true }]);
      expect(events(change)).toEqual(['call.cancelled → bob', 'call.ended → alice,bob']);
      expect(refusal(change.to, command)).toBe('unchanged');
    }
  });
  it('refuses to cancel what has been answered, and to anybody but the caller', () => {
    expect(refusal(anActiveCall(), { type: 'cancel', by: 'alice' })).toBe('already_answered');
    expect(refusal(aRingingCall(), { type: 'cancel', by: 'bob' })).toBe('not_allowed');
  });
  it('completes a two-person call when either leaves', () => {
    const change = run(anActiveCall(), { type: 'leave', by: 'alice' });
    expect(change.to).toMatchObject({ status: 'ended', endedReason: 'completed' });
    expect(events(change)).toEqual(['call.member_left → alice,bob', 'call.ended → alice,bob']);
  });
  it('takes a ringing callee who leaves for one who declines', () => {
    expect(run(aRingingCall(), { type: 'leave', by: 'bob' }).to.members['bob']).toMatchObject({
      state: 'rejected',
      reason: 'decline',
    });
  });
  it('goes on while somebody is in it or rings', () => {
    const change = run(anActiveCall(['bob', 'carol']), { type: 'leave', by: 'bob' });
    expect(change.to.status).toBe('active');
  });
  it('makes who still rings when an active call ends miss it', () => {
    const change = run(anActiveCall(['bob', 'carol']), { type: 'end', by: 'alice', on: onPhone('a') });
    expect(change.to.members['carol']).toMatchObject({ state: 'missed' });
    expect(change.effects.stops).toMatchObject([{ userId: 'carol', type: 'call.ended', notify: true }]);
    expect(events(change)).toEqual(['call.missed → alice,carol', 'call.ended → alice,bob,carol']);
  });
  it('lets a member end a two-person call and nobody but its creator a group', () => {
    expect(run(anActiveCall(), { type: 'end', by: 'bob', on: onPhone('phone') }).to.endedReason).toBe('completed');
    expect(refusal(anActiveCall(['bob', 'carol']), { type: 'end', by: 'bob', on: onPhone('phone') })).toBe(
      'not_allowed',
    );
  });
});

describe('add', () => {
  it('invites new members and tells everybody', () => {
    const change = run(anActiveCall(), { type: 'add', by: 'alice', members: ['carol', 'bob'], asServer: false });
    expect(change.to.members['carol']?.state).toBe('invited');
    expect(events(change)).toEqual(['call.member_added → alice,bob,carol']);
  });
  it('is the creator’s alone', () => {
    expect(refusal(anActiveCall(), { type: 'add', by: 'bob', members: ['carol'], asServer: false })).toBe(
      'not_allowed',
    );
  });
});

it('takes nobody for a member whose name every object has', () => {
  for (const by of ['constructor', 'toString', 'hasOwnProperty']) {
    expect(refusal(anActiveCall(), { type: 'accept', by, on: onPhone('phone') })).toBe('not_a_member');
    expect(refusal(anActiveCall(), { type: 'end', by, on: onPhone('phone') })).toBe('not_a_member');
  }
});

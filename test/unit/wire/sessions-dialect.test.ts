import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Call } from '#domain/call/call.ts';
import { decide } from '#domain/call/decide.ts';
import type { CallActive, StateChanged } from '#ports/call-event.ts';
import { encodeSessions } from '#wire/socket/sessions/encode.ts';
import { aRingingCall, NOON, onPhone } from '../../support/builders.ts';

const golden = JSON.parse(readFileSync('test/golden/sessions.json', 'utf8'));

const ringing = aRingingCall(['bob'], { mediaProvider: 'agora' });
const step = (call: Call, command: Parameters<typeof decide>[1]): Call => {
  const decision = decide(call, command, NOON);
  if (decision.kind !== 'changed') throw new Error(JSON.stringify(decision));
  return decision.change.to;
};
const active = step(ringing, { type: 'accept', by: 'bob', on: onPhone('pixel') });
const cancelled = step(ringing, { type: 'cancel', by: 'alice' });

const about = (call: Call, type: StateChanged['type'], extra: Partial<StateChanged> = {}): StateChanged => ({
  ...{ type, at: NOON, call, changed: new Set<string>() },
  ...extra,
});
const phone = (userId: string, hardwareId: string) => ({
  ...{ id: `${userId}-${hardwareId}`, userId, hardwareId, dialect: 'sessions' as const, connectedAt: NOON },
  tokenFingerprint: 'login',
});
const late = { isElsewhere: false };
const [alice, pixel, tablet] = [phone('alice', 'desk'), phone('bob', 'pixel'), phone('bob', 'tablet')];

const goingOn: CallActive = {
  ...{ type: 'call.active', at: NOON, call: active, changed: new Set<string>(), resumable: false, isHere: true },
};

const CASES = {
  ring: encodeSessions(about(ringing, 'call.ring'), pixel),
  'answer, to the initiator': encodeSessions(about(active, 'call.accepted', { about: 'bob' }), alice),
  'answer, to another phone': encodeSessions(about(active, 'call.accepted', { about: 'bob' }), tablet),
  'answer, to the phone that answered': encodeSessions(about(active, 'call.accepted', { about: 'bob' }), pixel),
  'answer by a phone that does not say which it is': encodeSessions(
    about(step(ringing, { type: 'accept', by: 'bob', on: { tokenFingerprint: 'login' } }), 'call.accepted', {
      about: 'bob',
    }),
    phone('bob', 'tablet'),
  ),
  'a call that goes on, to the initiator': encodeSessions(goingOn, alice),
  'a call that goes on, to the phone that answered': encodeSessions(goingOn, pixel),
  'a call that goes on, to another phone': encodeSessions({ ...goingOn, isHere: false }, tablet),
  'cancel, before its end': encodeSessions(about(cancelled, 'call.cancelled'), pixel),
  'end of a cancel': encodeSessions(about(cancelled, 'call.ended', { reason: 'cancelled' }), pixel),
  'cancel, to whoever connects later': encodeSessions(about(cancelled, 'call.cancelled', { late }), pixel),
  'the same, in another call': encodeSessions(
    about(cancelled, 'call.cancelled', { late: { isElsewhere: true } }),
    pixel,
  ),
  'a call with SDP': encodeSessions(about(aRingingCall(), 'call.ring'), pixel),
};

it.each(Object.entries(CASES))('says what the golden file has: %s', (name, said) => {
  expect(JSON.parse(JSON.stringify(said))).toEqual(golden[name]);
});

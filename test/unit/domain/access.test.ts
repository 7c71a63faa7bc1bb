import { expect, it } from 'vitest';
import { assertInScope, authorize, type CallAction } from '#domain/call/access.ts';
import type { Call } from '#domain/call/call.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import { anActiveCall, aRingingCall } from '../../support/builders.ts';

const ACTIONS: CallAction[] = [
  'read',
  'ringing',
  'accept',
  'reject',
  'ring',
  'add',
  'cancel',
  'leave',
  'end',
  'signal',
];
const isAllowed = (user: UserPrincipal, action: CallAction, call: Call): boolean => {
  try {
    authorize(user, action, call);
    return true;
  } catch {
    return false;
  }
};
const allowed = (user: Partial<UserPrincipal>, call = aRingingCall()) => {
  const phone = { kind: 'wake' as const, cid: 'default:c1', tokenFingerprint: 'device:x', hardwareId: 'phone' };
  return ACTIONS.filter((action) => isAllowed({ userId: 'bob', ...phone, ...user }, action, call));
};

it('lets a login and a server token do everything that the call’s state allows', () => {
  expect(allowed({ kind: 'login' })).toEqual(ACTIONS);
  expect(allowed({ kind: 'server' })).toEqual(ACTIONS);
});
it('lets a wake token read, report ringing, accept and reject', () => {
  expect(allowed({})).toEqual(['read', 'ringing', 'accept', 'reject']);
});
it('lets the socket of a woken phone signal, too, and hang up once it has answered', () => {
  expect(allowed({ connectionId: 's' })).toEqual(['read', 'ringing', 'accept', 'reject', 'signal']);
  expect(allowed({ connectionId: 's' }, anActiveCall())).toEqual([
    'read',
    'ringing',
    'accept',
    'reject',
    'leave',
    'end',
    'signal',
  ]);
});
it('leaves a wake token reading once another device has answered', () => {
  expect(allowed({ hardwareId: 'tablet' }, anActiveCall())).toEqual(['read', 'accept']);
  expect(allowed({ hardwareId: 'tablet', connectionId: 's' }, anActiveCall())).toEqual(['read', 'accept']);
});
it('is good for its own call alone', () => {
  expect(() => assertInScope({ cid: 'default:other' }, 'default:c1')).toThrow('another call');
  expect(() => assertInScope({ cid: 'default:c1' }, 'default:c1')).not.toThrow();
  expect(() => assertInScope({}, 'default:c1')).not.toThrow();
  expect(allowed({ kind: 'call' })).toEqual(ACTIONS);
});
it('lets nobody act who is not a member, and lets the app’s backend read every call', () => {
  expect(allowed({ kind: 'login', userId: 'mallory' })).toEqual([]);
  expect(allowed({ kind: 'server', userId: 'mallory' })).toEqual(['read']);
});

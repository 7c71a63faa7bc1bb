import { describe, expect, it } from 'vitest';
import { keys, ranges } from '#adapters/dynamodb/keys.ts';
import { epochMs } from '#domain/time.ts';
import { kindOf, kindOfRange } from '#local/lab/metering/dynamodb/item-kind.ts';

const at = epochMs(0);
const ofRing = { cid: 'default:c', userId: 'u', ringId: 'r' };

/** A key of every kind, by its name in `keys.ts`. */
const KEYS: { readonly [Name in keyof typeof keys]: readonly [kind: string, ReturnType<(typeof keys)[Name]>] } = {
  connection: ['connection', keys.connection('u', 'c')],
  seat: ['seat', keys.seat('u', 'c')],
  pushToken: ['push_token', keys.pushToken('u', 'apn', 'k')],
  tombstone: ['tombstone', keys.tombstone('u', 'apn', 'k')],
  guard: ['guard', keys.guard('u')],
  signOut: ['sign_out', keys.signOut('u')],
  busyLock: ['busy_lock', keys.busyLock({ userId: 'u' })],
  history: ['history', keys.history('u', at, 'default:c')],
  unknownHistory: ['unknown_history', keys.unknownHistory('u', at, 'default:c')],
  rings: ['rings', keys.rings('u', at)],
  hostedPair: ['hosted_pair', keys.hostedPair(['u', 'v'])],
  socketSession: ['socket_session', keys.socketSession('s')],
  shownCall: ['shown_call', keys.shownCall('u', 'h:1')],
  said: ['said', keys.said('default:c', 'c')],
  tokenOwner: ['token_owner', keys.tokenOwner('k')],
  call: ['call', keys.call('default:c')],
  room: ['room', keys.room('r')],
  push: ['push_record', keys.push(ofRing as Parameters<typeof keys.push>[0])],
  signal: ['signal', keys.signal({ cid: 'default:c', userId: 'u', kind: 'ice' }, '1')],
  providerFault: ['provider_fault', keys.providerFault('apn', 'default')],
  delivery: ['delivery', keys.delivery('failed', 'p')],
  checkup: ['checkup', keys.checkup()],
  trace: ['trace', keys.trace('default:c', at, '1')],
  namedTrace: ['trace', keys.namedTrace('default:c', 'ringing u r phone')],
};

/** The same for the ranges. */
const RANGES: { readonly [Name in keyof typeof ranges]: readonly [kind: string, ReturnType<(typeof ranges)[Name]>] } = {
  reach: ['connections_and_push_tokens', ranges.reach('u')],
  connections: ['connection', ranges.connections('u')],
  user: ['other', ranges.user('u')],
  pushTokens: ['push_token', ranges.pushTokens('u')],
  pending: ['pending', ranges.pending('u', at)],
  shownCalls: ['shown_call', ranges.shownCalls('u')],
  history: ['history', ranges.history('u')],
  tombstones: ['tombstone', ranges.tombstones('u')],
  unknownHistory: ['unknown_history', ranges.unknownHistory('u')],
  signals: ['signal', ranges.signals({ cid: 'default:c', userId: 'u', kind: 'sdp' })],
  trace: ['trace', ranges.trace('default:c')],
};

describe('the kind of an item', () => {
  it.each(Object.values(KEYS))('%s is recognized by its key', (kind, { pk, sk }) => {
    expect(kindOf({ pk: { S: pk }, sk: { S: sk } })).toBe(kind);
  });

  it.each(Object.values(RANGES))('%s is recognized by the bounds of a query', (kind, { pk, from, to }) => {
    expect(kindOfRange(pk, from, to)).toBe(kind);
  });
});

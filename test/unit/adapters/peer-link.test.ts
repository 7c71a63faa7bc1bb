import { expect, it } from 'vitest';
import { type EncodeEvent, frameLink } from '#adapters/apigateway/peer-link.ts';
import type { CallEvent } from '#ports/call-event.ts';
import type { Delivery, Peer } from '#ports/peer-link.ts';
import { encodeNative } from '#wire/socket/native/encode.ts';
import { aRingingCall, NOON } from '../../support/builders.ts';

// A dialect is one encoder: a second one, which exists here alone, shows that nothing else has to know it.

/** Says who calls, in one line of text, and has no words for anything else. */
const encodeTelegraph: EncodeEvent = (event, { userId }) =>
  event.type === 'call.ring' ? [`RING ${userId}`, `FROM ${event.call.createdBy.name}`] : [];

const call = aRingingCall();
const ring: CallEvent = { type: 'call.ring', at: NOON, call, changed: new Set(['bob']) };
const ringing: CallEvent = { type: 'call.ringing', at: NOON, cid: call.cid, by: { id: 'bob' } };

/** Sends events to a connection of bob's, whose socket answers `deliveries` one after the other. */
async function sent(encode: EncodeEvent, events: readonly CallEvent[], deliveries: readonly Delivery[] = []) {
  const texts: string[] = [];
  const left = [...deliveries];
  const sockets = {
    post: async (_: string, text: string) => {
      texts.push(text);
      return left.shift() ?? 'sent';
    },
    isOpen: async () => true,
    close: async () => undefined,
  };
  const peer: Peer = { id: 'c', userId: 'bob', dialect: 'native', connectedAt: NOON, tokenFingerprint: 'login' };
  return { delivery: await frameLink(sockets, encode).send(peer, events), texts };
}

it('tells each connection in its own dialect', async () => {
  const native = await sent(encodeNative, [ring, ringing]);
  expect(native.texts.map((text) => JSON.parse(text).type)).toEqual(['call.ring', 'call.ringing']);
  expect(await sent(encodeTelegraph, [ring, ringing])).toEqual({ delivery: 'sent', texts: ['RING bob', 'FROM Alice'] });
});

it('sends nothing that a dialect has no words for', async () => {
  expect(await sent(encodeTelegraph, [ringing])).toEqual({ delivery: 'sent', texts: [] });
});

it('stops at the first frame that does not reach the connection', async () => {
  expect(await sent(encodeTelegraph, [ring], ['gone'])).toEqual({ delivery: 'gone', texts: ['RING bob'] });
  expect(await sent(encodeNative, [ring, ringing], ['sent', 'failed'])).toMatchObject({ delivery: 'failed' });
});

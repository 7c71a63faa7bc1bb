import { setTimeout as wait } from 'node:timers/promises';
import { io, type ManagerOptions, type SocketOptions } from 'socket.io-client';
import { describe, expect, it } from 'vitest';
import { startLocalStack } from '../../bench/local-stack.ts';
import { SESSIONS, unique } from '../../support/people.ts';
import { api, openSocket } from '../../support/raw-client.ts';
import { watched } from '../../support/socket-io.ts';

// The real limits, in real time, which takes half an hour: only with QUIET_HALF_HOUR=1. `keep-alive.test.ts` and
// `quiet-rooms.test.ts` show the same with limits of seconds.

const MINUTE_MS = 60_000;
const QUIET_MS = 30 * MINUTE_MS;
/** After this, API Gateway and CloudFront close a WebSocket. */
const IDLE_MS = 10 * MINUTE_MS;

describe.runIf(process.env['QUIET_HALF_HOUR'])('in thirty quiet minutes', () => {
  it(
    'no client of Socket.IO and none in a room is disconnected, and all take part in calls after that',
    async () => {
      // As `npm start` runs it: nothing is shortened.
      const stack = await startLocalStack({}, '.cache/quiet-half-hour.log');
      const userOf = async (name: string) => {
        const id = unique(name);
        const { body } = await api(stack.url).request('POST', '/v1/api/callStreams', { body: { userId: id } });
        return { id, token: String(body.token) };
      };
      const [alice, bob, carol, dave] = [
        await userOf('alice'),
        await userOf('bob'),
        await userOf('carol'),
        await userOf('dave'),
      ];
      const dial = async (token: string, options: Partial<ManagerOptions & SocketOptions>, namespace = '') => {
        const client = watched(io(`${stack.url}${namespace}`, { forceNew: true, auth: { token }, ...options }));
        const pings: number[] = [];
        client.socket.io.on('ping', () => pings.push(Date.now()));
        await client.next('connect');
        return { ...client, pings, startedAt: Date.now() };
      };
      const calling = await dial(alice.token, {});
      const called = await dial(bob.token, { transports: ['websocket'] });
      const watching = await dial(carol.token, { path: '/video-socket' });
      watching.socket.emit('join', carol.id);
      await watching.next('ice_config');
      const invited = await dial(carol.token, {}, '/ws/calls');
      const room = await openSocket(`${stack.url}/webrtc/ws/standup?token=${encodeURIComponent(dave.token)}`);
      await room.next('room_state');
      const native = await openSocket(`${stack.url}/ws?token=${encodeURIComponent(dave.token)}`);
      const openedAt = Date.now();
      const nativeLived = native.closed.then(() => Date.now() - openedAt);

      await wait(QUIET_MS);

      // What nobody keeps alive is closed: so the limits are real.
      expect(await nativeLived).toBeLessThan(IDLE_MS + MINUTE_MS);
      const clients = { calling, called, watching, invited };
      for (const [name, { heard, pings, startedAt }] of Object.entries(clients)) {
        const minutes = pings.map((at) => ((at - startedAt) / MINUTE_MS).toFixed(1)).join(', ');
        process.stdout.write(
          `${name}: pinged after ${minutes} min; heard ${heard.map((one) => one.name).join(', ')}\n`,
        );
        expect(pings.length).toBeGreaterThanOrEqual(3);
        expect(heard.map((one) => one.name).filter((one) => one !== 'ice_config')).toEqual(['connect']);
      }
      const types = room.frames.map(({ type }) => type);
      process.stdout.write(`room: ${types.join(', ')}\n`);
      expect(room.raw.readyState).toBe(room.raw.OPEN);
      expect(new Set(types)).toEqual(new Set(['room_state', 'keep_alive']));

      const offer = { type: 'offer', sdp: 'v=0 offer' };
      const answer = { type: 'answer', sdp: 'v=0 answer' };
      expect(await calling.ask('callUser', { to: bob.id, signalData: offer })).toMatchObject({ ok: true });
      expect(await called.next('incomingCall')).toMatchObject([{ from: alice.id, signalData: offer }]);
      expect(await called.ask('answerCall', { to: alice.id, signalData: answer })).toMatchObject({ ok: true });
      expect(await calling.next('callAccepted')).toEqual([answer]);
      await calling.ask('endCall', { to: bob.id });
      await called.next('callEnded');
      await called.ask('callUser', { to: carol.id, signalData: offer });
      await watching.next('incoming_call');
      await called.ask('endCall', { to: carol.id });
      const asked = { token: bob.token, body: { recipientId: carol.id, callType: 'VIDEO' } };
      await api(stack.url).request('POST', SESSIONS, asked);
      await invited.next('call_invitation');
      room.send({ type: 'offer', payload: { ...offer, target_user_id: alice.id }, room_id: 'standup' });
      expect(await room.next('error')).toMatchObject({ payload: { code: 'not_found' } });
      await room.close();
      await stack.stop();
    },
    QUIET_MS + 5 * MINUTE_MS,
  );
});

import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import type { UsageReport } from '#local/lab/metering/usage.ts';
import type { MeteredStack } from '../bench/billed/metered-stack.ts';
import { ANSWER, OFFER } from '../bench/billed/session-descriptions.ts';

/** How many candidates each side sends. */
const CANDIDATES = 8;

/** Candidates that come later than this after what announces their call are told by fewer steps. */
const ANNOUNCING_MS = 5000;
/** After ten seconds it is looked whether a client is in a namespace. */
const PLAY_MS = 9000;
/** Of each play the ping of each client is left, which finds it gone after minutes. */
const PINGS = 2;
const MOST_TRIES = 10;

/**
 * The cost of a call over Socket.IO, in the dialect `calls`: both phones connect by WebSocket, one rings with its offer, the
 * other answers, each sends eight candidates, the caller hangs up, and both disconnect. Its timers are not in it: the
 * deadline that finds the call answered, and the pings. A play that took so long that another path was taken is repeated.
 */
export async function countCallsCall(stack: MeteredStack): Promise<UsageReport> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    await stack.closed(PINGS * tries);
    await stack.resetUsage();
    const startedAt = performance.now();
    const announcedMs = await play(stack);
    if (announcedMs < ANNOUNCING_MS && performance.now() - startedAt < PLAY_MS) return stack.usage();
  }
  throw new Error(`the machine was too slow for ${MOST_TRIES} calls in a row`);
}

/** Plays the call. What comes back is how long its candidates took. */
async function play(stack: MeteredStack): Promise<number> {
  const run = randomUUID();
  const [alice, bob] = [`alice-${run}`, `bob-${run}`];
  const [caller, callee] = [await phone(stack, alice), await phone(stack, bob)];
  const rings = heard(callee, 'incomingCall');
  await caller.emitWithAck('callUser', { to: bob, signalData: { type: 'offer', sdp: OFFER }, callType: 'video' });
  await rings;
  await stack.settled();
  const startedAt = performance.now();
  const accepted = heard(caller, 'callAccepted');
  await callee.emitWithAck('answerCall', { to: alice, signalData: { type: 'answer', sdp: ANSWER } });
  await accepted;
  await stack.settled();
  for (let i = 0; i < CANDIDATES; i += 1) {
    const candidate = { candidate: `candidate:${i} 1 udp 1 192.0.2.1 ${50_000 + i} typ host`, sdpMid: '0' };
    const both = [heard(caller, 'iceCandidate'), heard(callee, 'iceCandidate')];
    caller.emit('iceCandidate', { to: bob, candidate });
    callee.emit('iceCandidate', { to: alice, candidate });
    await Promise.all(both);
  }
  const tookMs = performance.now() - startedAt;
  await stack.settled();
  const ended = heard(callee, 'callEnded');
  await caller.emitWithAck('endCall', { to: bob });
  await ended;
  await stack.settled();
  callee.disconnect();
  caller.disconnect();
  await stack.closed();
  return tookMs;
}

/** A client of a user, once it is connected and has been greeted. */
async function phone(stack: MeteredStack, user: string): Promise<Socket> {
  const auth = { token: await stack.login(user) };
  const socket = io(stack.url, { transports: ['websocket'], forceNew: true, auth });
  await heard(socket, 'connect');
  await stack.settled();
  return socket;
}

const heard = (socket: Socket, event: string): Promise<void> =>
  new Promise((resolve) => {
    socket.once(event, () => resolve());
  });

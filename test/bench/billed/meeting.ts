import { randomUUID } from 'node:crypto';
import type { UsageReport } from '#local/lab/metering/usage.ts';
import type { Socket } from '../../support/raw-client.ts';
import type { MeteredStack } from './metered-stack.ts';
import { ANSWER, OFFER } from './session-descriptions.ts';

/** How many candidates each side of a meeting sends. */
const CANDIDATES = 8;

const MOST_TRIES = 10;

/**
 * The cost of a meeting: one user comes into a room, a second one joins them; an offer, an answer and eight candidates a
 * side; the second leaves, then the first. A play that took so long that the room was kept alive is repeated.
 */
export async function countMeeting(stack: MeteredStack): Promise<UsageReport> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    await stack.over();
    await stack.resetUsage();
    const sockets = await play(stack);
    const usage = await stack.usage();
    if (sockets.every(({ frames }) => frames.every(({ type }) => type !== 'keep_alive'))) return usage;
  }
  throw new Error(`the machine was too slow for ${MOST_TRIES} meetings in a row`);
}

async function play(stack: MeteredStack): Promise<readonly Socket[]> {
  const run = randomUUID();
  const [alice, bob] = [`alice-${run}`, `bob-${run}`];
  const first = await stack.enter(await stack.login(alice), run);
  await stack.settled(first);
  const second = await stack.enter(await stack.login(bob), run);
  await first.next('user_joined');
  await stack.settled(second);
  const send = (from: Socket, type: string, payload: object) => from.send({ type, payload, room_id: run });
  send(second, 'offer', { type: 'offer', sdp: OFFER, target_user_id: alice });
  await first.next('offer');
  send(first, 'answer', { type: 'answer', sdp: ANSWER, target_user_id: bob });
  await second.next('answer');
  for (let i = 0; i < CANDIDATES; i += 1) {
    const candidate = { candidate: `candidate:${i} 1 udp 1 192.0.2.1 ${50_000 + i} typ host`, sdp_mid: '0' };
    send(first, 'ice_candidate', candidate);
    send(second, 'ice_candidate', candidate);
    await Promise.all([first.next('ice_candidate'), second.next('ice_candidate')]);
  }
  await stack.settled(first, second);
  await second.close();
  await first.next('user_left');
  await stack.settled(first);
  await first.close();
  await stack.over();
  return [first, second];
}

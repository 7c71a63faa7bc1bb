import { randomUUID } from 'node:crypto';
import type { Socket } from '../../support/raw-client.ts';
import { type CandidateFrames, ONE_A_FRAME } from './candidate-frames.ts';
import type { MeteredStack } from './metered-stack.ts';
import { ANSWER, OFFER } from './session-descriptions.ts';

/** How long the users of a standard call talk. */
export const TALK_MS = 180_000;

/** The shortest ring. The cost of a call does not depend on it, since its timer fires once in any case. */
const RING_MS = 5000;

/** The users of a call: a caller whose browser or phone is awake, and a callee whose two phones sleep. */
interface Party {
  readonly caller: string;
  readonly callee: string;
  readonly android: string;
  readonly voip: string;
}

/** A call that rings. */
interface Ringing {
  readonly cid: string;
  readonly caller: Socket;
  readonly callee: Socket;
}

/** A push token as long as FCM's (about 150 characters) or APNs' are. */
const pushToken = (run: string, length: number): string => run.padEnd(length, '0123456789abcdef');

/** Two new users, with the callee's phones registered. This is not part of the cost of a call. */
export async function aParty(stack: MeteredStack): Promise<Party> {
  const run = randomUUID().slice(0, 8);
  const party = {
    caller: `alice-${run}`,
    callee: `bob-${run}`,
    android: pushToken(run, 152),
    voip: pushToken(run, 64),
  };
  const token = await stack.login(party.callee);
  for (const device of [
    { id: party.android, push_provider: 'firebase', hardware_id: 'pixel' },
    { id: party.voip, push_provider: 'apn', voip_token: true, hardware_id: 'iphone' },
    { id: pushToken(run, 66), push_provider: 'apn', hardware_id: 'iphone' },
  ]) {
    const { status } = await stack.rest.request('POST', '/api/v2/devices', { token, body: device });
    if (status !== 201) throw new Error(`a device was not registered: ${status}`);
  }
  return party;
}

/**
 * The standard call. The caller opens a socket for it and rings with the offer; his candidates follow in these frames.
 * Both phones are pushed; the iPhone opens a socket with the wake token, says that it rings, and answers with its
 * description in the same frame; the Android phone is silenced by a push. The callee's candidates follow likewise. They
 * talk for three minutes, in which nobody sends anything; the caller hangs up, and both sockets close.
 *
 * The play does not wait for the talk: `countScenario` adds its connection minutes.
 */
export const playStandardCall =
  (candidates: CandidateFrames) =>
  async (stack: MeteredStack, party: Party): Promise<void> => {
    const { cid, caller, callee } = await ring(stack, party, candidates);
    await asked(callee, { type: 'call.accept', call_cid: cid, answer: { type: 'answer', sdp: ANSWER } });
    await Promise.all([caller.next('call.accepted'), caller.next('sdp.answer')]);
    await stack.settled(callee);
    await stack.pushed(party.android, 'call.accepted');
    await trickle(callee, caller, cid, candidates);
    await stack.settled(callee);
    await asked(caller, { type: 'call.end', call_cid: cid });
    await callee.next('call.ended');
    await stack.settled(caller);
    await Promise.all([caller.close(), callee.close()]);
    await stack.over();
  };

/** The unanswered ring: the standard call until the iPhone rings; nobody answers, the deadline passes, and both sides hear of it. */
export async function playUnansweredRing(stack: MeteredStack, party: Party): Promise<void> {
  const { caller, callee } = await ring(stack, party, ONE_A_FRAME);
  await Promise.all([caller, callee].map((socket) => socket.next('call.ended')));
  await stack.settled(caller, callee);
  await stack.pushed(party.android, 'call.missed');
  await Promise.all([caller.close(), callee.close()]);
  await stack.over();
}

/**
 * Everything until the caller knows that a phone rings. A phone takes a second to wake up: its socket opens when the
 * caller's candidates have long been kept for it. Each step waits for the one before, so that nothing races.
 */
async function ring(stack: MeteredStack, party: Party, candidates: CandidateFrames): Promise<Ringing> {
  const caller = await stack.connect(await stack.login(party.caller));
  await stack.settled(caller);
  const call_id = randomUUID();
  const cid = `default:${call_id}`;
  await asked(caller, {
    type: 'call.ring',
    call_id,
    members: [{ user_id: party.callee }],
    video: true,
    settings_override: { ring: { auto_cancel_timeout_ms: RING_MS } },
    offer: { type: 'offer', sdp: OFFER },
  });
  send(caller, cid, candidates);
  await stack.settled(caller);
  await stack.pushed(party.android, 'call.ring');
  const { wake_token } = await stack.pushed(party.voip, 'call.ring');
  const callee = await stack.connect(String(wake_token), 'iphone');
  for (const type of ['call.ring', 'sdp.offer', ...candidates.map(() => 'ice.candidate')]) await callee.next(type);
  await stack.settled(callee);
  callee.send({ type: 'call.ringing', call_cid: cid });
  await caller.next('call.ringing');
  await stack.settled(callee);
  return { cid, caller, callee };
}

function send(from: Socket, call_cid: string, candidates: CandidateFrames): void {
  candidates.forEach((frame, i) => {
    from.send({ type: 'ice.candidate', call_cid, seq: i + 1, ...frame });
  });
}

async function trickle(from: Socket, to: Socket, cid: string, candidates: CandidateFrames): Promise<void> {
  send(from, cid, candidates);
  await Promise.all(candidates.map((_, i) => to.next('ice.candidate', ({ seq }) => seq === i + 1)));
}

async function asked(socket: Socket, frame: object): Promise<void> {
  const answer = await socket.ask(frame);
  if (answer.type !== 'response') throw new Error(`refused: ${JSON.stringify(answer)}`);
}

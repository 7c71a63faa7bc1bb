import { openSocket, type Socket } from '../../support/raw-client.ts';
import { addPhone, fresh, type Online, received, type User } from './crowd.ts';
import { commanded } from './frames.ts';
import { LONG_RING_MS } from './long-ring.ts';

/** A user whose app is closed on two phones. */
export interface Sleeper extends User {
  readonly android: string;
  readonly iphone: string;
}

const OFFER = { type: 'offer', sdp: `v=0\r\n${'a=rtpmap:111 opus/48000/2\r\n'.repeat(70)}` };
const ANSWER = { ...OFFER, type: 'answer' };
const CANDIDATE = { candidate: 'candidate:1 1 UDP 2122252543 192.0.2.1 54321 typ host', sdpMid: '0', sdpMLineIndex: 0 };
const CANDIDATES_EACH = 5;
const PATIENCE_MS = 40_000;

/** Gives a user an Android phone and an iPhone. */
export const withPhones = async (url: string, user: User): Promise<Sleeper> => ({
  ...user,
  android: await addPhone(url, user, 'android'),
  iphone: await addPhone(url, user, 'iphone'),
});

/** A usual call: a ring, a push that wakes the iPhone, its answer, candidates both ways, and the end. */
export async function playShortCall(
  url: string,
  caller: Online,
  callee: Sleeper,
  ringMs = LONG_RING_MS,
): Promise<void> {
  const call_cid = await ring(caller, callee, ringMs);
  const phone = await answer(url, call_cid, callee);
  await caller.socket.next('sdp.answer', (frame) => frame['call_cid'] === call_cid);
  for (let sent = 0; sent < CANDIDATES_EACH; sent += 1) {
    for (const [from, to] of [[phone, caller.socket] as const, [caller.socket, phone] as const]) {
      from.send({ type: 'ice.candidate', call_cid, ...CANDIDATE });
      await to.next('ice.candidate', (frame) => frame['call_cid'] === call_cid);
    }
  }
  await done(caller, { type: 'call.end', call_cid });
  await phone.next('call.ended');
  await phone.close();
}

/** Rings a user, and returns the cid of the call. */
export async function ring(caller: Online, callee: User, ringMs: number): Promise<string> {
  const call_id = fresh('short');
  const settings_override = { ring: { auto_cancel_timeout_ms: ringMs } };
  await done(caller, {
    type: 'call.ring',
    call_id,
    members: [{ user_id: callee.id }],
    settings_override,
    offer: OFFER,
  });
  return `default:${call_id}`;
}

/** The iPhone is woken, and answers. */
export async function answer(url: string, call_cid: string, callee: Sleeper): Promise<Socket> {
  const phone = await openSocket(`${url}/ws?token=${await wakeToken(url, callee.iphone, call_cid)}`);
  for (const event of ['user.connected', 'call.ring', 'sdp.offer']) await phone.next(event);
  await done({ socket: phone }, { type: 'call.accept', call_cid, answer: ANSWER });
  return phone;
}

/** Sends a command, and fails if it is refused. */
export async function done({ socket }: Pick<Online, 'socket'>, command: object): Promise<void> {
  const { refusal } = await commanded(socket, command);
  if (refusal !== undefined) throw new Error(`refused: ${refusal}`);
}

/** The push that wakes a phone for a call, once it is there: if a push service does not answer, a later attempt brings it. */
export async function wakeToken(url: string, phone: string, cid: string): Promise<string> {
  let seen = 0;
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; ) {
    const pushes = await received(url, phone, seen + 1);
    const token = pushes.find(({ keys }) => keys['call_cid'] === cid)?.keys['wake_token'];
    if (token !== undefined) return token;
    seen = pushes.length;
  }
  throw new Error(`no push came for ${cid}`);
}

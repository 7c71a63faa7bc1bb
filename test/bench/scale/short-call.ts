import { type Call, Carillon } from '#client/index.ts';
import { readPush } from '#client/push/index.ts';
import { awaitedFor } from '../../../tools/demo/awaited.ts';
import { addPhone, fresh, received, type User } from './crowd.ts';
import { LONG_RING_MS } from './long-ring.ts';

/** A user whose app is open. */
export interface OpenApp extends User {
  readonly carillon: Carillon;
}

/** A user whose app is closed on two phones. */
export interface Sleeper extends User {
  readonly android: string;
  readonly iphone: string;
}

const OFFER = `v=0\r\n${'a=rtpmap:111 opus/48000/2\r\n'.repeat(70)}`;
const CANDIDATE = { candidate: 'candidate:1 1 UDP 2122252543 192.0.2.1 54321 typ host', sdpMid: '0', sdpMLineIndex: 0 };
const CANDIDATES_EACH = 5;
const PATIENCE_MS = 40_000;
export const awaited = awaitedFor(PATIENCE_MS);

/** Opens the app of a user. */
export async function openApp(url: string, user: User): Promise<OpenApp> {
  const carillon = new Carillon({ url, token: user.token });
  await carillon.connect();
  return { ...user, carillon };
}

/** Gives a user an Android phone and an iPhone. */
export const withPhones = async (url: string, user: User): Promise<Sleeper> => ({
  ...user,
  android: await addPhone(url, user, 'android'),
  iphone: await addPhone(url, user, 'iphone'),
});

/** A usual call: a ring, a push that wakes the iPhone, its answer, candidates both ways, and the end. */
export async function playShortCall(
  url: string,
  caller: OpenApp,
  callee: Sleeper,
  ringMs = LONG_RING_MS,
): Promise<void> {
  const call = await ring(caller, callee, ringMs);
  const answered = awaited.signal(call, 'answer');
  const phone = await answer(url, call.cid, callee);
  await answered;
  for (let sent = 0; sent < CANDIDATES_EACH; sent += 1) {
    for (const [from, to] of [[phone, call] as const, [call, phone] as const]) {
      const heard = awaited.signal(to, 'candidates');
      await from.send({ type: 'candidates', candidates: [CANDIDATE] });
      await heard;
    }
  }
  const over = awaited.event(phone, 'ended');
  await call.hangUp();
  await over;
}

/** Rings a user. */
export const ring = ({ carillon }: OpenApp, callee: User, timeoutMs: number): Promise<Call> =>
  carillon.ring([callee.id], { id: fresh('short'), timeoutMs, offer: OFFER });

/** The iPhone is woken, gets the offer, and answers. */
export async function answer(
  url: string,
  cid: string,
  callee: Sleeper,
  options: Partial<Parameters<typeof Carillon.fromPush>[1]> = {},
): Promise<Call> {
  const pushed = readPush(await ringPush(url, callee.iphone, cid), { userId: callee.id });
  if (pushed.kind !== 'ring') throw new Error(`the push of ${cid} is ${pushed.kind}`);
  const phone = await Carillon.fromPush(pushed, { url, ...options });
  await awaited.signal(phone, 'offer');
  const { status } = await phone.accept({ answer: OFFER });
  if (status !== 'active') throw new Error(`${cid} could not be answered: it is ${status}`);
  return phone;
}

/** The push that wakes a phone for a call, once it is there: if a push service does not answer, a later attempt brings it. */
export async function ringPush(url: string, phone: string, cid: string): Promise<Readonly<Record<string, string>>> {
  let seen = 0;
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; ) {
    const pushes = await received(url, phone, seen + 1);
    const push = pushes.find(({ keys }) => keys['call_cid'] === cid);
    if (push) return push.keys;
    seen = pushes.length;
  }
  throw new Error(`no push came for ${cid}`);
}

import { api, openSocket } from '../../../support/raw-client.ts';
import { connect, type Online, type User } from '../crowd.ts';
import { answer, done, playShortCall, ring, type Sleeper, wakeToken } from '../short-call.ts';

/** Three users who call only each other. */
export interface Trio {
  caller: Online;
  /** Their app is closed. */
  readonly callee: Sleeper;
  /** Connects for a call: the gateway closes a socket after ten silent minutes. */
  readonly third: User;
}

/** One call from its ring to its end; resolves when both know that it is over. */
export type Life = (url: string, trio: Trio) => Promise<void>;

/** The default length of a ring. */
const RING_MS = 45_000;
/** The shortest ring. */
const SHORT_RING_MS = 5000;

/** Every way in which a call can end. */
export const LIVES: Readonly<Record<string, Life>> = {
  answered: (url, { caller, callee }) => playShortCall(url, caller, callee, RING_MS),

  async rejected(url, { caller, callee }) {
    const cid = await ring(caller, callee, RING_MS);
    const token = await wakeToken(url, callee.iphone, cid);
    const path = `/api/v2/video/call/default/${cid.slice('default:'.length)}/reject`;
    const { status } = await api(url).request('POST', path, { token, body: {} });
    if (status !== 200) throw new Error(`a reject was answered with ${status}`);
    await ended(caller, cid, 'rejected');
  },

  async cancelled(url, { caller, callee }) {
    const cid = await ring(caller, callee, RING_MS);
    await wakeToken(url, callee.iphone, cid);
    await done(caller, { type: 'call.cancel', call_cid: cid });
    await ended(caller, cid, 'cancelled');
  },

  async missed(_, { caller, callee }) {
    await ended(caller, await ring(caller, callee, SHORT_RING_MS), 'missed');
  },

  async busy(url, { caller, callee, third }) {
    const cid = await ring(caller, callee, RING_MS);
    await wakeToken(url, callee.iphone, cid);
    const other = await connect(url, third);
    await ended(other, await ring(other, callee, RING_MS), 'rejected');
    await other.socket.close();
    await done(caller, { type: 'call.cancel', call_cid: cid });
    await ended(caller, cid, 'cancelled');
  },

  /** Both lose their sockets during the call, the callee without a close, and reconnect. */
  async reconnected(url, trio) {
    const cid = await ring(trio.caller, trio.callee, RING_MS);
    const phone = await answer(url, cid, trio.callee);
    phone.raw.terminate();
    const back = await openSocket(`${url}/ws?token=${trio.callee.token}`);
    await back.next('user.connected');
    await trio.caller.socket.close();
    trio.caller = await connect(url, trio.caller);
    await done(trio.caller, { type: 'call.end', call_cid: cid });
    await back.next('call.ended', (frame) => frame['call_cid'] === cid);
    await back.close();
  },
};

/** Waits for the end of the call, which must have the expected reason. */
async function ended({ socket }: Online, cid: string, reason: string): Promise<void> {
  const frame = await socket.next('call.ended', ({ call_cid }) => call_cid === cid);
  if (frame['reason'] !== reason) throw new Error(`${cid} ended with ${String(frame['reason'])}, not ${reason}`);
}

/** Makes the push services forget the pushes to a user: they would keep a thousand for each phone. */
export async function forgetPushes(url: string, { android, iphone }: Sleeper): Promise<void> {
  for (const token of [android, iphone]) await api(url).request('DELETE', `/_local/pushes?token=${token}`);
}

import { WebSocket } from 'ws';
import type { Call } from '#client/index.ts';
import { declinePush, readPush } from '#client/push/index.ts';
import { api } from '../../../support/raw-client.ts';
import type { User } from '../crowd.ts';
import { answer, awaited, type OpenApp, openApp, playShortCall, ring, ringPush, type Sleeper } from '../short-call.ts';

/** Three users who call only each other. */
export interface Trio {
  caller: OpenApp;
  /** Their app is closed. */
  readonly callee: Sleeper;
  /** Opens the app for a call: the gateway closes a socket after ten silent minutes. */
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
    const call = await ring(caller, callee, RING_MS);
    const pushed = readPush(await ringPush(url, callee.iphone, call.cid), { userId: callee.id });
    if (pushed.kind !== 'ring') throw new Error(`a push was ${pushed.kind}`);
    await Promise.all([ends(call, 'rejected'), declinePush(pushed, { url })]);
  },

  async cancelled(url, { caller, callee }) {
    const call = await ring(caller, callee, RING_MS);
    await ringPush(url, callee.iphone, call.cid);
    await call.hangUp();
  },

  missed: async (_, { caller, callee }) => ends(await ring(caller, callee, SHORT_RING_MS), 'missed'),

  async busy(url, { caller, callee, third }) {
    const call = await ring(caller, callee, RING_MS);
    await ringPush(url, callee.iphone, call.cid);
    const other = await openApp(url, third);
    await ends(await ring(other, callee, RING_MS), 'busy');
    other.carillon.close();
    await call.hangUp();
  },

  /** Both lose their sockets during the call, the callee without a close, and come back to it; the caller by an app that was started anew. */
  async reconnected(url, trio) {
    const call = await ring(trio.caller, trio.callee, RING_MS);
    const sockets: WebSocket[] = [];
    class Remembered extends WebSocket {
      constructor(...of: ConstructorParameters<typeof WebSocket>) {
        super(...of);
        sockets.push(this);
      }
    }
    const phone = await answer(url, call.cid, trio.callee, { WebSocket: Remembered as never });
    sockets.at(-1)?.terminate();
    trio.caller.carillon.close();
    trio.caller = await openApp(url, trio.caller);
    const { promise: resumable, resolve } = Promise.withResolvers<Call>();
    trio.caller.carillon.once('resumable', resolve);
    const back = await resumable;
    await back.resume();
    const over = awaited.event(phone, 'ended');
    await back.hangUp();
    await over;
  },
};

/** Waits for the end of a call, which must have the expected reason. */
async function ends(call: Call, reason: string): Promise<void> {
  const ended = await awaited.event(call, 'ended');
  if (ended.reason !== reason) throw new Error(`${call.cid} ended with ${ended.reason}, not ${reason}`);
}

/** Makes the push services forget the pushes to a user: they would keep a thousand for each phone. */
export async function forgetPushes(url: string, { android, iphone }: Sleeper): Promise<void> {
  for (const token of [android, iphone]) await api(url).request('DELETE', `/_local/pushes?token=${token}`);
}

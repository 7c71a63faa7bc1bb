import type { Call } from '#client/call.ts';
import { Carillon } from '#client/carillon.ts';
import { joinMedia } from '#client/media/index.ts';
import type { Media } from '#client/media/media.ts';
import { api, cidOf } from '../api/api.ts';

/** A call in which this browser takes part. */
export interface Talk {
  readonly call: Call;
  readonly media: Media<MediaStream>;
  /** What this browser sends. */
  readonly mine: MediaStream;
  /** Hangs up, if nobody has yet, and lets go of camera and microphone. */
  close(): void;
}

/** A call that this browser makes. */
interface Calling {
  readonly userId: string;
  /** Hears the cid, once their phones are rung. */
  readonly rings: (cid: string) => void;
  /** Hangs up, whatever has become of the call so far, and lets go of camera and microphone. The page may be on its way out. */
  readonly left: AbortSignal;
}

/** Calls a user, and resolves once this browser takes part. */
export async function callUser({ userId, rings, left }: Calling): Promise<Talk> {
  // The camera first: nobody's phone should ring for a browser that has none.
  const mine = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
  const [id, hardwareId] = [api.newTestRing(), `console-${crypto.randomUUID()}`];
  let joined: Talk | undefined;
  const end = (): void => {
    if (joined?.call.status !== 'ended') api.endCallAtLast(cidOf(id));
  };
  try {
    // Whoever is asked for the camera may go away instead.
    left.throwIfAborted();
    left.addEventListener('abort', () => {
      end();
      release(mine);
      joined?.close();
    });
    const { call, call_token: token = '' } = await api.testRing({ id, userId, video: true, hardwareId });
    rings(call.cid);
    joined = await takePart({ userId, id, token, hardwareId, mine, left }).catch((error: unknown) => {
      // Nobody would be there to answer to. And if it was left before, it may not have been there yet.
      end();
      throw error;
    });
    return joined;
  } catch (error) {
    release(mine);
    throw error;
  }
}

function release(mine: MediaStream): void {
  for (const track of mine.getTracks()) track.stop();
}

interface Part {
  readonly userId: string;
  readonly id: string;
  /** The token for this one call. */
  readonly token: string;
  readonly hardwareId: string;
  readonly mine: MediaStream;
  readonly left: AbortSignal;
}

/** Takes part in a test ring. The same ring once more, over the socket, rings nobody twice, and makes it a call of the client. */
async function takePart({ userId, id, token, hardwareId, mine, left }: Part): Promise<Talk> {
  left.throwIfAborted();
  const carillon = new Carillon({ url: location.origin, token, hardwareId });
  const giveUp = (): void => carillon.close();
  left.addEventListener('abort', giveUp);
  try {
    await carillon.connect();
    const call = await carillon.ring([userId], { id, video: true });
    left.throwIfAborted();
    const media = joinMedia(call, { stream: mine });
    const done = (): void => {
      release(mine);
      carillon.close();
    };
    call.once('ended', done);
    const close = (): void => {
      if (call.status === 'ended') done();
      else void call.hangUp().then(done, done);
    };
    return { call, media, mine, close };
  } catch (error) {
    carillon.close();
    throw error;
  } finally {
    // From now on whoever leaves hangs up first.
    left.removeEventListener('abort', giveUp);
  }
}

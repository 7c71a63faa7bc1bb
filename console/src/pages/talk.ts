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
export interface Calling {
  /** The cid, once their phones are rung. */
  readonly rung: Promise<string>;
  /** Once this browser takes part. */
  readonly talk: Promise<Talk>;
  /** Hangs up, whatever has become of the call so far, and lets go of camera and microphone. The page may be on its way out. */
  leave(): void;
}

/** Calls a user, and sends them `mine`: camera and microphone. */
export function callUser(userId: string, mine: MediaStream): Calling {
  const [id, hardwareId] = [api.newTestRing(), `console-${crypto.randomUUID()}`];
  let isLeft = false;
  let joined: Talk | undefined;
  const release = (): void => {
    for (const track of mine.getTracks()) track.stop();
  };
  const end = (): void => {
    if (joined?.call.status !== 'ended') api.endCallAtLast(cidOf(id));
  };
  const made = api.testRing({ id, userId, video: true, hardwareId });
  const talk = made.then(async ({ call_token: token = '' }) => {
    // It was not there yet when it was left.
    if (isLeft) end();
    joined = await takePart({ userId, id, token, hardwareId, mine }).catch((error: unknown) => {
      // Nobody would be there to answer to.
      end();
      throw error;
    });
    if (isLeft) joined.close();
    return joined;
  });
  talk.catch(release);
  return {
    rung: made.then(({ call }) => call.cid),
    talk,
    leave() {
      isLeft = true;
      end();
      release();
      joined?.close();
    },
  };
}

interface Part {
  readonly userId: string;
  readonly id: string;
  /** The token for this one call. */
  readonly token: string;
  readonly hardwareId: string;
  readonly mine: MediaStream;
}

/** Takes part in a test ring. The same ring once more, over the socket, rings nobody twice, and makes it a call of the client. */
async function takePart({ userId, id, token, hardwareId, mine }: Part): Promise<Talk> {
  const carillon = new Carillon({ url: location.origin, token, hardwareId });
  const release = (): void => {
    for (const track of mine.getTracks()) track.stop();
    carillon.close();
  };
  try {
    await carillon.connect();
    const call = await carillon.ring([userId], { id, video: true });
    const media = joinMedia(call, { stream: mine });
    call.once('ended', release);
    const close = (): void => {
      if (call.status === 'ended') release();
      else void call.hangUp().then(release, release);
    };
    return { call, media, mine, close };
  } catch (error) {
    carillon.close();
    throw error;
  }
}

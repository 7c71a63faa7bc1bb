import type { Call } from '#client/call.ts';
import { Carillon } from '#client/carillon.ts';
import { joinMedia } from '#client/media/index.ts';
import type { Media } from '#client/media/media.ts';

/** A call in which this browser takes part. */
export interface Talk {
  readonly call: Call;
  readonly media: Media<MediaStream>;
  /** What this browser sends. */
  readonly mine: MediaStream;
  /** Hangs up, if nobody has yet, and lets go of camera and microphone. */
  close(): void;
}

/** What `talk` needs. */
export interface TalkOptions {
  readonly userId: string;
  /** The test ring, as the REST API made it, with the token for this one call. */
  readonly callId: string;
  readonly token: string;
  readonly hardwareId: string;
  /** What to send: camera and microphone. */
  readonly mine: MediaStream;
}

/** Takes part in a test ring. The same ring once more, over the socket, rings nobody twice, and makes it a call of the client. */
export async function talk({ userId, callId, token, hardwareId, mine }: TalkOptions): Promise<Talk> {
  const carillon = new Carillon({ url: location.origin, token, hardwareId });
  const release = (): void => {
    for (const track of mine.getTracks()) track.stop();
    carillon.close();
  };
  try {
    await carillon.connect();
    const call = await carillon.ring([userId], { id: callId, video: true });
    const media = joinMedia(call, { stream: mine });
    call.once('ended', release);
    const close = (): void => {
      if (call.status === 'ended') release();
      else void call.hangUp().then(release, release);
    };
    return { call, media, mine, close };
  } catch (error) {
    release();
    throw error;
  }
}

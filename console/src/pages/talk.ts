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

/** Takes part in the call of a test ring, as the handset that rings: it resumes what the REST API began. */
export async function talk({
  token,
  hardwareId,
  media: mine,
}: {
  readonly token: string;
  readonly hardwareId: string;
  readonly media: MediaStream;
}): Promise<Talk> {
  const carillon = new Carillon({ url: location.origin, token, hardwareId });
  const release = (): void => {
    for (const track of mine.getTracks()) track.stop();
    carillon.close();
  };
  try {
    const [call] = await Promise.all([
      new Promise<Call>((resolve) => carillon.once('resumable', resolve)),
      carillon.connect(),
    ]);
    await call.resume();
    const media = joinMedia(call, { stream: mine });
    call.once('ended', release);
    const close = (): void => {
      if (call.status !== 'ended') void call.hangUp();
      release();
    };
    return { call, media, mine, close };
  } catch (error) {
    release();
    throw error;
  }
}

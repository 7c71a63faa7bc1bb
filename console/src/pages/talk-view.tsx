import { useEffect, useState } from 'preact/hooks';
import { Video } from '../parts/video.tsx';
import type { Talk } from './talk.ts';

/** The two pictures of a call, and what one does in it. */
export function TalkView({ talk: { call, media, mine, close } }: { readonly talk: Talk }) {
  const [theirs, setTheirs] = useState<MediaStream>();
  const [status, setStatus] = useState<string>(call.status);
  const [isMuted, setIsMuted] = useState(false);
  useEffect(() => {
    const stops = [
      media.on('track', ({ stream }) => setTheirs(stream)),
      call.on('change', () => setStatus(call.status)),
      call.on('ended', ({ reason }) => setStatus(`ended: ${reason}`)),
    ];
    return () => {
      for (const stop of stops) stop();
    };
  }, [call, media]);
  const isOver = status.startsWith('ended');
  return (
    <div class="talk">
      <p role="status">
        {isOver ? `The call is over (${status}).` : theirs ? 'You are connected.' : 'Their phones ring …'}
      </p>
      {!isOver && (
        <>
          <div class="videos">
            <Video stream={theirs} kind="theirs" label="Their picture" isHeard />
            <Video stream={mine} kind="mine" label="Your picture" />
          </div>
          <div class="actions">
            <button
              type="button"
              class="outline small"
              aria-pressed={isMuted}
              onClick={() => {
                media.mute('audio', !isMuted);
                setIsMuted(!isMuted);
              }}
            >
              Mute
            </button>
            <button type="button" class="small danger-full" onClick={close}>
              Hang up
            </button>
          </div>
        </>
      )}
    </div>
  );
}

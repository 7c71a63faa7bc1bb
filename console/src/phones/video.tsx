import { useEffect, useRef } from 'preact/hooks';

/** Shows a stream; silent unless the visitor wants to hear it, since all phones are in one room. */
export function Video({
  stream,
  kind,
  isHeard = false,
}: {
  readonly stream: MediaStream;
  readonly kind: 'mine' | 'theirs';
  readonly isHeard?: boolean;
}) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const { current } = video;
    if (current && current.srcObject !== stream) current.srcObject = stream;
  }, [stream]);
  return (
    <video
      ref={video}
      class={kind}
      aria-label={kind === 'mine' ? 'Own picture' : 'Picture of the other side'}
      autoplay
      playsInline
      muted={!isHeard}
    />
  );
}

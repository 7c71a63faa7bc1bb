import { useEffect, useRef } from 'preact/hooks';

/** Shows a stream, once there is one. It is silent unless it shall be heard. */
export function Video({
  stream,
  kind,
  label,
  isHeard = false,
}: {
  readonly stream: MediaStream | undefined;
  readonly kind: 'mine' | 'theirs';
  readonly label: string;
  readonly isHeard?: boolean;
}) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    if (video.current) video.current.srcObject = stream ?? null;
  }, [stream]);
  return <video ref={video} class={kind} aria-label={label} autoplay playsInline muted={!isHeard} />;
}

/** A picture that moves, so that there is something to encode. */
export function movingPicture(): { readonly stream: MediaStream; readonly track: MediaStreamTrack } {
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d');
  let hue = 0;
  const { stream, track } = captured(canvas);
  const drawing = setInterval(() => {
    hue += 7;
    if (track.readyState === 'ended') clearInterval(drawing);
    if (!pen) return;
    pen.fillStyle = `hsl(${hue}, 80%, 50%)`;
    pen.fillRect(0, 0, canvas.width, canvas.height);
  }, 50);
  return { stream, track };
}

function captured(canvas: HTMLCanvasElement): { readonly stream: MediaStream; readonly track: MediaStreamTrack } {
  const stream = canvas.captureStream(15);
  const [track] = stream.getVideoTracks();
  if (!track) throw new Error('a canvas has a picture');
  return { stream, track };
}

/** A picture that moves, so that there is something to encode. */
export function movingPicture(): { readonly stream: MediaStream; readonly track: MediaStreamTrack } {
  const canvas = document.createElement('canvas');
  const pen = canvas.getContext('2d');
  const stream = canvas.captureStream(15);
  const [track] = stream.getVideoTracks();
  if (!track || !pen) throw new Error('a canvas has a picture');
  let hue = 0;
  const drawing = setInterval(() => {
    hue += 7;
    pen.fillStyle = `hsl(${hue}, 80%, 50%)`;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    if (track.readyState === 'ended') clearInterval(drawing);
  }, 50);
  return { stream, track };
}

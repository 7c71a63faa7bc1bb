/** What a camera and a microphone give, or a picture and a sound that say whose they are. */
export interface Media {
  readonly stream: MediaStream;
  stop(): void;
}

/** The camera and the microphone, if this browser has them and the visitor allows it; a test pattern otherwise. */
export async function cameraOr(name: string, hue: number): Promise<Media> {
  try {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 640, height: 480 } });
    return {
      stream,
      stop() {
        for (const track of stream.getTracks()) track.stop();
      },
    };
  } catch {
    return testPattern(name, hue);
  }
}

const [WIDTH, HEIGHT] = [320, 480];
const FRAMES_A_SECOND = 15;

/** A picture that moves and a soft beat. */
export function testPattern(name: string, hue: number): Media {
  const canvas = Object.assign(document.createElement('canvas'), { width: WIDTH, height: HEIGHT });
  const pen = canvas.getContext('2d');
  const draw = (): void => {
    if (pen) paint(pen, name, hue, performance.now() / 1000);
  };
  draw();
  const timer = setInterval(draw, 1000 / FRAMES_A_SECOND);
  const sound = beat(hue);
  const stream = canvas.captureStream(FRAMES_A_SECOND);
  for (const track of sound.stream.getAudioTracks()) stream.addTrack(track);
  return {
    stream,
    stop() {
      clearInterval(timer);
      sound.stop();
      for (const track of stream.getTracks()) track.stop();
    },
  };
}

function paint(pen: CanvasRenderingContext2D, name: string, hue: number, seconds: number): void {
  const sky = pen.createLinearGradient(0, 0, WIDTH, HEIGHT);
  sky.addColorStop(0, `hsl(${hue} 55% 30%)`);
  sky.addColorStop(1, `hsl(${hue + 40} 60% 48%)`);
  pen.fillStyle = sky;
  pen.fillRect(0, 0, WIDTH, HEIGHT);
  for (let i = 0; i < 4; i += 1) {
    const turn = seconds * (0.5 + i / 5) + i * 1.7;
    pen.fillStyle = `hsl(${hue + i * 25} 75% 70% / 0.28)`;
    pen.beginPath();
    pen.arc(WIDTH / 2 + Math.cos(turn) * 95, HEIGHT / 2 + Math.sin(turn * 1.3) * 150, 46 + i * 16, 0, 2 * Math.PI);
    pen.fill();
  }
  pen.fillStyle = 'white';
  pen.textAlign = 'center';
  pen.font = '600 34px system-ui, sans-serif';
  pen.fillText(name, WIDTH / 2, HEIGHT / 2);
  pen.font = '16px system-ui, sans-serif';
  pen.fillText(new Date().toLocaleTimeString([], { hour12: false }), WIDTH / 2, HEIGHT / 2 + 30);
}

/** A tone that comes and goes, at a height of its own. */
function beat(hue: number): Media {
  const audio = new AudioContext();
  const [tone, swell, volume] = [audio.createOscillator(), audio.createOscillator(), audio.createGain()];
  const output = audio.createMediaStreamDestination();
  tone.frequency.value = 180 + hue;
  swell.frequency.value = 0.8;
  volume.gain.value = 0.05;
  swell.connect(volume.gain);
  tone.connect(volume).connect(output);
  tone.start();
  swell.start();
  return { stream: output.stream, stop: () => void audio.close() };
}

import { type Call, Carillon } from '#client/index.ts';
import { joinMedia, type Media } from '#client/media/index.ts';
import type { App } from './app.ts';
import { movingPicture } from './moving-picture.ts';

// The page of an app in a real browser. The test calls what it puts on `window`.

/** Every peer connection that the page has made. */
const connections: RTCPeerConnection[] = [];

class RecordedPeerConnection extends RTCPeerConnection {
  constructor(configuration?: RTCConfiguration) {
    super(configuration);
    connections.push(this);
  }
}

/** Every track that the page has sent. */
const tracks: MediaStreamTrack[] = [];

let carillon: Carillon;
let call: Call;
let media: Media<MediaStream>;
const incoming: Call[] = [];
const resumable: Call[] = [];
const errors: string[] = [];
const ended: string[] = [];
let rungAt = 0;
let firstFrameAt = 0;

async function first(calls: Call[]): Promise<Call> {
  for (;;) {
    const found = calls.shift();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function take(one: Call): string {
  call = one;
  one.on('ended', ({ reason }) => ended.push(reason));
  return one.cid;
}

function show(stream: MediaStream): void {
  const video = document.createElement('video');
  video.srcObject = stream;
  document.body.append(video);
  void video.play();
  video.requestVideoFrameCallback(() => {
    firstFrameAt ||= Date.now();
  });
}

const app: App = {
  async connect(options) {
    carillon = new Carillon(options);
    carillon.on('incoming', (one) => incoming.push(one));
    carillon.on('resumable', (one) => resumable.push(one));
    return (await carillon.connect()).user.id;
  },

  async ring(userIds) {
    rungAt = Date.now();
    return take(await carillon.ring(userIds, { video: true }));
  },

  async incoming() {
    return take(await first(incoming));
  },

  async answer() {
    const one = await first(incoming);
    take(one);
    await one.accept();
    return one.cid;
  },

  async resume() {
    const one = await first(resumable);
    await one.resume();
    return take(one);
  },

  async join(configuration = {}, width = 320) {
    const video = { width, height: (width * 3) / 4, frameRate: 15 };
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video });
    tracks.push(...stream.getTracks());
    media = joinMedia(call, { stream, RTCPeerConnection: RecordedPeerConnection, configuration });
    media.on('error', ({ error }) => errors.push(String(error)));
    media.on('track', ({ track, stream: theirs }) => track.kind === 'video' && show(theirs));
  },

  async received() {
    const peers = connections.filter(({ connectionState }) => connectionState === 'connected').length;
    const sum = { frames: 0, energy: 0, videos: 0, peers };
    for (const connection of connections) {
      for (const [, report] of await connection.getStats()) {
        if (report.type !== 'inbound-rtp') continue;
        sum.frames += report.framesDecoded ?? 0;
        sum.energy += report.totalAudioEnergy ?? 0;
        if (report.framesDecoded > 0) sum.videos += 1;
      }
    }
    return sum;
  },

  stats: () => media.stats(),
  restart: () => media.restart(),
  mute: (kind, isMuted) => media.mute(kind, isMuted),

  share(many = 1) {
    for (let i = 0; i < many; i += 1) {
      const { track, stream } = movingPicture();
      tracks.push(track);
      media.addTrack(track, stream);
    }
  },

  switchCamera() {
    const { track } = movingPicture();
    tracks.push(track);
    media.switchTrack(track);
  },

  async hangUp() {
    await call.hangUp();
  },

  look: () => ({
    ended,
    errors,
    rungAt,
    firstFrameAt,
    connections: connections.length,
    isStable: connections.every(({ signalingState }) => ['stable', 'closed'].includes(signalingState)),
    open: connections.filter(({ connectionState }) => connectionState !== 'closed').length,
    live: tracks.filter(({ readyState }) => readyState === 'live').length,
    descriptions: connections.map(({ localDescription }) => localDescription?.sdp ?? ''),
  }),

  codesOfJoiningWithout() {
    const codeOf = (stream: MediaStream): unknown => {
      try {
        return joinMedia(call, { stream });
      } catch (error) {
        return Object(error).code;
      }
    };
    const withoutStream = codeOf(undefined as unknown as MediaStream);
    Reflect.deleteProperty(globalThis, 'RTCPeerConnection');
    return { withoutStream, withoutWebRtc: codeOf(new MediaStream()) };
  },
};

Object.assign(globalThis, { app });

import { Peer } from '#client/media/peer.ts';
import type { OutgoingSignal } from '#client/signals.ts';
import { seededRandom } from '../../local/lab/faults/seeded-random.ts';
import { movingPicture } from './moving-picture.ts';

// Both ends of a call in one page, joined by a network of their own, so that hundreds of negotiations take a minute.

/** How long pictures may take to come. */
const PATIENCE_MS = 60_000;
/** For how long nothing is under way once both have agreed. */
const QUIET_MS = 800;

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const nameOf = (sdp = ''): string | undefined => /a=ice-ufrag:(\S+)/.exec(sdp)?.[1];

/** One end: it shows a picture, and now and then shares more. */
class End {
  readonly name: string;
  readonly #random: () => number;
  readonly #tell: (line: string) => void;
  readonly #pictures = [movingPicture()];
  #peer: Peer | undefined;
  #connection: RTCPeerConnection | undefined;
  #arrivals = Promise.resolve();
  flying = 0;

  constructor(name: string, random: () => number, tell: (line: string) => void) {
    this.name = name;
    this.#random = random;
    this.#tell = (line) => tell(`${name} ${line}`);
  }

  meet(other: End, isFirst: boolean): void {
    const tell = this.#tell;
    const keep = (connection: RTCPeerConnection): void => {
      this.#connection = connection;
      connection.addEventListener('signalingstatechange', () =>
        tell(`${connection.signalingState} ${nameOf(connection.localDescription?.sdp)}`),
      );
    };
    class KeptConnection extends RTCPeerConnection {
      constructor(options: RTCConfiguration) {
        super(options);
        tell('has another connection');
        keep(this);
      }
    }
    this.#peer = new Peer({
      userId: other.name,
      isPolite: !isFirst,
      isFirst,
      RTCPeerConnection: KeptConnection,
      configuration: {},
      iceServers: () => Promise.resolve([]),
      tracks: () => this.#pictures,
      send: (signal) => this.#send(signal, other),
      onTrack: () => {},
      onState: (state) => tell(`ICE ${state}`),
      onError: (error) => tell(`ERROR ${String(error)}`),
    });
  }

  /** Signals of one end come in order, each after a while. */
  async #send(signal: OutgoingSignal, other: End): Promise<void> {
    const delay = this.#random() * 150;
    this.flying += 1;
    this.#arrivals = this.#arrivals
      .then(() => sleep(delay))
      .then(() => {
        this.flying -= 1;
        other.take(signal, this.name);
      });
    await sleep(this.#random() * 50);
  }

  take(signal: OutgoingSignal, from: string): void {
    if (signal.type !== 'candidates') this.#tell(`gets ${signal.type} ${nameOf(signal.sdp)}`);
    this.#peer?.take({ ...signal, from });
  }

  /** Shares a screen more or one less, or finds new paths. */
  move(): void {
    const what = this.#random();
    if (what < 0.4) {
      this.#tell('RESTARTS');
      this.#peer?.restart();
    } else if (what < 0.8 || this.#pictures.length === 1) {
      this.#tell('SHARES');
      this.#pictures.push(movingPicture());
      this.#peer?.renew();
    } else {
      this.#tell('SHARES LESS');
      this.#pictures.pop()?.track.stop();
      this.#peer?.renew();
    }
  }

  get isQuiet(): boolean {
    return this.flying === 0 && this.#connection?.signalingState === 'stable';
  }

  /** How many frames of the first picture of the other end have come over the connection of now. */
  async frames(): Promise<number> {
    let most = 0;
    for (const [, report] of (await this.#connection?.getStats()) ?? []) {
      if (report.type === 'inbound-rtp') most = Math.max(most, report.framesDecoded ?? 0);
    }
    return most;
  }

  close(): void {
    this.#peer?.close();
    for (const { track } of this.#pictures) track.stop();
  }
}

/** Whether more frames come to both from now on. */
async function bothSee(ends: readonly End[]): Promise<boolean> {
  const until = Date.now() + PATIENCE_MS;
  const see = async (end: End): Promise<boolean> => {
    let before = await end.frames();
    while (Date.now() < until) {
      await sleep(100);
      const now = await end.frames();
      if (now > before + 5) return true;
      // Another connection counts from nothing.
      before = Math.min(before, now);
    }
    return false;
  };
  return (await Promise.all(ends.map(see))).every(Boolean);
}

async function agree(ends: readonly End[]): Promise<boolean> {
  const until = Date.now() + PATIENCE_MS;
  for (let quietMs = 0; quietMs < QUIET_MS; quietMs += 50) {
    await sleep(50);
    if (!ends.every(({ isQuiet }) => isQuiet)) quietMs = 0;
    if (Date.now() > until) return false;
  }
  return true;
}

/** Plays a call in which both ends negotiate, often at once. What went wrong, and all that was said before. */
async function play(seed: number): Promise<string | undefined> {
  const random = seededRandom(seed);
  const lines: string[] = [];
  const ends = ['anna', 'bert'].map((name) => new End(name, random, (line) => lines.push(line)));
  const [first, second] = ends;
  if (!first || !second) throw new Error('a call has two ends');
  first.meet(second, true);
  second.meet(first, false);
  const failed = (what: string): string => `seed ${seed}: ${what}\n${lines.join('\n')}`;
  try {
    if (!(await bothSee(ends))) return failed('they never saw each other');
    for (let burst = 1 + random() * 3; burst > 0; burst -= 1) {
      for (let moves = 2 + random() * 3; moves > 0; moves -= 1) (random() < 0.5 ? first : second).move();
      await sleep(random() * 600);
    }
    if (!(await agree(ends))) return failed('they never agreed');
    if (!(await bothSee(ends))) return failed('they see each other no longer');
    return lines.some((line) => line.includes('ERROR')) ? failed('there was an error') : undefined;
  } finally {
    for (const end of ends) end.close();
  }
}

Object.assign(globalThis, {
  play: async (seeds: readonly number[]) => (await Promise.all(seeds.map(play))).filter((one) => one !== undefined),
});

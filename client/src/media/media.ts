import type { Call } from '../call.ts';
import { BOOLEAN, check, FUNCTION, type Kind, OBJECT } from '../check.ts';
import { Emitter } from '../emitter.ts';
import { CarillonError } from '../errors.ts';
import type { Signal } from '../signals.ts';
import { later } from '../timers.ts';
import type { Member } from '../wire.ts';
import { Peer } from './peer.ts';
import type { MediaStats } from './stats.ts';
import type { PeerConnectionConstructor, StreamLike, TrackLike, TrackOf } from './webrtc.ts';

/** What a call's media need. */
export interface MediaOptions<Stream extends StreamLike> {
  /** What this end sends: the stream of `getUserMedia`. */
  readonly stream: Stream;
  /** The browser's by default; in React Native that of `react-native-webrtc`. */
  readonly RTCPeerConnection?: PeerConnectionConstructor;
  /** More configuration of the peer connections, such as `iceTransportPolicy`. */
  readonly configuration?: object;
}

/** What a call's media tell of. */
export interface MediaEvents<Stream extends StreamLike> {
  /** A member sends this. */
  readonly track: { readonly userId: string; readonly track: TrackOf<Stream>; readonly stream: Stream };
  /** The state of the connection to a member, as `iceConnectionState` has it. */
  readonly state: { readonly userId: string; readonly state: string };
  /** A member is connected no more: they have left, or the call is over. */
  readonly gone: { readonly userId: string };
  /** How each connection does, every few seconds. */
  readonly stats: readonly MediaStats[];
  /** Something that the peer connection refused, or that the server cannot pass on to the member. The connection goes on. */
  readonly error: { readonly userId: string; readonly error: unknown };
}

const MEDIA_KIND: Kind = ['audio or video', (value) => value === 'audio' || value === 'video'];
const TRACK: Kind = ['a MediaStreamTrack', (value) => typeof Object(value).stop === 'function'];
const STREAM: Kind = [
  'the MediaStream that getUserMedia() gives',
  (value) => typeof Object(value).getTracks === 'function',
];

const STATS_MS = 5_000;
/** TURN credentials are good for an hour. */
const REFRESH_MS = 45 * 60_000;

/** Members to whom there is a connection. */
const IN: ReadonlySet<Member['state']> = new Set(['joined', 'accepted']);

/** Members whose signals are late. */
const OUT: ReadonlySet<Member['state']> = new Set(['left', 'rejected', 'busy', 'missed']);

/** The media of a call: one peer connection to each other member. They end with the call. */
export class Media<Stream extends StreamLike> extends Emitter<MediaEvents<Stream>> {
  readonly #call: Call;
  readonly #options: Required<MediaOptions<Stream>>;
  readonly #peers = new Map<string, Peer>();
  #sent: { track: TrackLike; stream: StreamLike }[];
  /** All that were sent at any time: no camera stays on after the call. */
  readonly #tracks: Set<TrackLike>;
  readonly #stops: (() => void)[] = [];
  #listens = false;
  #isClosed = false;
  #cancelStats = (): void => {};
  #cancelRefresh = (): void => {};

  /** @internal */
  constructor(call: Call, options: Required<MediaOptions<Stream>>) {
    super();
    this.#call = call;
    this.#options = options;
    this.#sent = options.stream.getTracks().map((track) => ({ track, stream: options.stream }));
    this.#tracks = new Set(options.stream.getTracks());
    this.#stops.push(
      call.on('change', () => this.#meet()),
      call.on('ended', () => this.close()),
      onNewNetwork(() => this.restart()),
    );
    this.#meet();
    this.#refreshLater();
    // It may have ended while somebody was asked for the camera.
    if (call.status === 'ended') this.close();
  }

  /** Mutes the microphone (`audio`) or stops the picture (`video`); `false` lets them be heard and seen again. */
  mute(kind: 'audio' | 'video', isMuted = true): void {
    check('kind', kind, MEDIA_KIND);
    check('isMuted', isMuted, BOOLEAN);
    for (const { track } of this.#sent) if (track.kind === kind) track.enabled = !isMuted;
  }

  /** Sends another track in the place of the one of its kind: the other camera, another microphone. Nobody negotiates. */
  switchTrack(track: TrackOf<Stream>): void {
    check('track', track, TRACK);
    if (this.#isClosed) {
      track.stop();
      return;
    }
    const old = this.#sent.find((one) => one.track.kind === track.kind);
    if (!old) {
      this.addTrack(track, this.#options.stream);
      return;
    }
    this.#tracks.add(track);
    this.#sent = this.#sent.map((one) => (one === old ? { ...one, track } : one));
    for (const peer of this.#peers.values()) peer.replace(old.track, track);
  }

  /** Sends one more track: a shared screen. Any member may, at any time. */
  addTrack(track: TrackOf<Stream>, stream: Stream): void {
    check('track', track, TRACK);
    check('stream', stream, STREAM);
    if (this.#isClosed) {
      track.stop();
      return;
    }
    this.#tracks.add(track);
    this.#sent = [...this.#sent, { track, stream }];
    for (const peer of this.#peers.values()) peer.renew();
  }

  /** Sends a track no longer. */
  removeTrack(track: TrackOf<Stream>): void {
    check('track', track, TRACK);
    this.#sent = this.#sent.filter((one) => one.track.id !== track.id);
    for (const peer of this.#peers.values()) peer.renew();
  }

  /** Finds new paths to everybody. It happens by itself when a connection is lost or the network changes. */
  restart(): void {
    for (const peer of this.#peers.values()) peer.restart();
  }

  /** How each connection does, now. */
  async stats(): Promise<MediaStats[]> {
    const all = await Promise.all([...this.#peers.values()].map((peer) => peer.stats()));
    return all.flatMap((one) => one ?? []);
  }

  /** Closes all connections and stops the tracks that were sent. It happens by itself when the call is over. */
  close(): void {
    this.#isClosed = true;
    for (const stop of this.#stops.splice(0)) stop();
    this.#cancelStats();
    this.#cancelRefresh();
    for (const userId of this.#peers.keys()) this.#part(userId);
    for (const track of this.#tracks) track.stop();
    this.silence();
  }

  protected override heard(name: keyof MediaEvents<Stream>): void {
    if (name !== 'stats' || this.#isClosed) return;
    this.#cancelStats();
    this.#cancelStats = later(STATS_MS, () => void this.#tellStats());
  }

  async #tellStats(): Promise<void> {
    if (!this.hears('stats')) return;
    this.emit('stats', await this.stats());
    this.heard('stats');
  }

  /** Connects to whoever is in the call. The ringer's offer also waits for those who ring. */
  #meet(): void {
    const { status, outgoing, members } = this.#call.snapshot;
    if (status !== 'active' && !(outgoing && status === 'ringing')) return;
    this.#listen();
    for (const member of members) {
      const { user_id: userId, state } = member;
      if (userId === this.#call.me) continue;
      const isThere = IN.has(state) || (outgoing && state === 'ringing');
      const peer = this.#peers.get(userId);
      if (!isThere) this.#part(userId);
      else if (!peer) this.#peers.set(userId, this.#newPeer(userId));
      else if (state === 'accepted') peer.answered();
    }
  }

  /** Signals that came before the answer wait for it in the call. */
  #listen(): void {
    if (this.#listens) return;
    this.#listens = true;
    this.#stops.push(this.#call.on('signal', (signal) => this.#take(signal)));
  }

  #take(signal: Signal): void {
    const state = this.#call.members.find(({ user_id }) => user_id === signal.from)?.state;
    if (state && OUT.has(state)) return;
    // A member's offer may overtake the event that they are in.
    if (!this.#peers.has(signal.from)) this.#peers.set(signal.from, this.#newPeer(signal.from));
    this.#peers.get(signal.from)?.take(signal);
  }

  #part(userId: string): void {
    const peer = this.#peers.get(userId);
    if (!peer) return;
    this.#peers.delete(userId);
    peer.close();
    this.emit('gone', { userId });
  }

  #newPeer(userId: string): Peer {
    const { RTCPeerConnection, configuration } = this.#options;
    return new Peer({
      userId,
      isPolite: this.#call.me > userId,
      isFirst: this.#isFirst(userId),
      RTCPeerConnection,
      configuration,
      iceServers: () => this.#call.iceServers(),
      tracks: () => this.#sent,
      send: (signal) => this.#call.send(signal),
      onTrack: (track, stream) => {
        // What the app's own RTCPeerConnection makes is of the app's own kind.
        if (stream) this.emit('track', { userId, track: track as TrackOf<Stream>, stream: stream as Stream }); // oxlint-disable-line typescript/no-unsafe-type-assertion -- see above
      },
      onState: (state) => this.emit('state', { userId, state }),
      onError: (error) => this.emit('error', { userId, error }),
    });
  }

  /** Who makes the first offer: whoever rings, whoever resumes, and of two who were rung the one with the lower id. */
  #isFirst(userId: string): boolean {
    const { outgoing, createdBy } = this.#call.snapshot;
    if (outgoing || this.#call.isResumed) return true;
    return createdBy?.id !== userId && this.#call.me < userId;
  }

  #refreshLater(): void {
    this.#cancelRefresh = later(REFRESH_MS, () => {
      void this.#refresh();
      this.#refreshLater();
    });
  }

  /** A relayed connection dies with its credentials, so it finds new paths before. */
  async #refresh(): Promise<void> {
    const relayed = new Set(
      (await this.stats()).filter(({ pair }) => pair?.local === 'relay').map(({ userId }) => userId),
    );
    for (const [userId, peer] of this.#peers) {
      if (relayed.has(userId)) peer.restart();
      else await peer.refresh();
    }
  }
}

/** What says that the network is another one, in browsers. */
function onNewNetwork(then: () => void): () => void {
  const { addEventListener, removeEventListener } = globalThis as Partial<EventTargetLike>; // oxlint-disable-line typescript/no-unsafe-type-assertion -- Node and React Native have none
  addEventListener?.('online', then);
  return () => removeEventListener?.('online', then);
}

interface EventTargetLike {
  addEventListener(type: string, listener: () => void): void;
  removeEventListener(type: string, listener: () => void): void;
}

/**
 * Connects the media of a call: right after `ring()`, so that the offer waits for the phone that is being woken, or after
 * `accept()` or `resume()`. It negotiates, finds new paths when one is lost, and ends with the call.
 */
export function joinMedia<Stream extends StreamLike>(call: Call, options: MediaOptions<Stream>): Media<Stream> {
  check('call', call, { snapshot: OBJECT, on: FUNCTION, send: FUNCTION });
  check('options', options, { 'RTCPeerConnection?': FUNCTION, 'configuration?': OBJECT });
  const global = (globalThis as { RTCPeerConnection?: PeerConnectionConstructor }).RTCPeerConnection; // oxlint-disable-line typescript/no-unsafe-type-assertion -- Node and React Native have none
  const { RTCPeerConnection = global, configuration = {} } = options;
  if (!RTCPeerConnection) throw new CarillonError('no_webrtc', 'this runtime has no RTCPeerConnection: pass one');
  check('options.stream', options.stream, STREAM);
  return new Media(call, { ...options, RTCPeerConnection, configuration });
}

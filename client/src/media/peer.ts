import type { IceCandidate, OutgoingSignal, Signal } from '../signals.ts';
import { later } from '../timers.ts';
import type { Candidate, IceServer } from '../wire.ts';
import { type MediaStats, readStats } from './stats.ts';
import {
  fingerprintOf,
  listen,
  nameOf,
  type PeerConnectionConstructor,
  type PeerConnectionLike,
  type StreamLike,
  type TrackLike,
} from './webrtc.ts';

/** What a peer needs. */
export interface PeerOptions {
  readonly userId: string;
  /** Whether this end gives way when both offer at once. */
  readonly isPolite: boolean;
  /** Whether this end makes the first offer. The other end makes it if none comes. */
  readonly isFirst: boolean;
  readonly RTCPeerConnection: PeerConnectionConstructor;
  readonly configuration: object;
  readonly iceServers: () => Promise<readonly IceServer[]>;
  /** What to send now. */
  readonly tracks: () => readonly { readonly track: TrackLike; readonly stream: StreamLike }[];
  readonly send: (signal: OutgoingSignal) => Promise<void>;
  readonly onTrack: (track: TrackLike, stream: StreamLike | undefined) => void;
  readonly onState: (state: string) => void;
  readonly onError: (error: unknown) => void;
}

/** Candidates that are found soon after one another go in one frame. */
const BATCH_MS = 60;
const MOST_IN_BATCH = 50;
/** How long to wait for the first offer of the other end. */
const PATIENCE_MS = 4_000;
/** How long a connection may be without packets before ICE starts again; the end that is not first waits longer. */
const DISCONNECTED_MS = 1_500;
/** How long to wait before ICE starts once more. */
const RESTART_MS = 8_000;
/** How long the polite end waits for the other end to find new paths. */
const POLITE_MS = 500;
/** How many candidates wait for their description. */
const WAITING = 200;

/**
 * The connection to one member. Both ends may offer at any time: of two offers that cross, the polite end's gives way.
 * One step comes after the other, since each of them changes the state that the next one looks at.
 */
export class Peer {
  readonly #options: PeerOptions;
  #connection: PeerConnectionLike | undefined;
  #work: Promise<unknown> = Promise.resolve();
  #mayOffer: boolean;
  #sent: Promise<unknown> = Promise.resolve();
  /** Whether the last offer of the other end has given way to ours. */
  #isIgnoring = false;
  /** The member's connection that belongs to one of ours that was given up. */
  #left: string | undefined;
  #batch: IceCandidate[] = [];
  #early: Candidate[] = [];
  #cancels = { patience: () => {}, restart: () => {}, turn: () => {}, batch: () => {} };
  #isClosed = false;
  #since = Date.now();
  #connectedAfterMs: number | undefined;

  constructor(options: PeerOptions) {
    this.#options = options;
    this.#mayOffer = options.isFirst;
    this.#do(() => this.#connect());
    if (!options.isFirst) this.#cancels.patience = later(PATIENCE_MS, () => this.#offerAnyway());
  }

  /** The member has answered: from now on the connection should come. */
  answered(): void {
    if (this.#connectedAfterMs === undefined) this.#since = Date.now();
  }

  /** Takes a signal of the member. */
  take(signal: Signal): void {
    this.#do(async () => {
      if (signal.type === 'candidates') await this.#addCandidates(signal.candidates);
      else await this.#describe(signal);
    });
  }

  /** Sends the tracks that there are now. */
  renew(): void {
    this.#do(async () => this.#connection && this.#addTracks(this.#connection));
  }

  /** Sends another track in the place of one; nothing is negotiated. */
  replace(old: TrackLike, track: TrackLike): void {
    this.#do(async () => {
      await this.#connection
        ?.getSenders()
        .find((sender) => sender.track?.id === old.id)
        ?.replaceTrack(track);
    });
  }

  /**
   * Finds new paths to the member, with fresh TURN credentials. The polite end waits a moment, and leaves it to the other
   * end if that does the same: an offer that has to give way costs its connection.
   */
  restart(): void {
    const now = (): void =>
      this.#do(async () => {
        await this.refresh();
        this.#mayOffer = true;
        this.#connection?.restartIce();
      });
    if (this.#options.isPolite) this.#cancels.turn = later(POLITE_MS, now);
    else now();
  }

  /** Renews the TURN credentials for what is gathered next. */
  async refresh(): Promise<void> {
    const iceServers = await this.#options.iceServers();
    this.#connection?.setConfiguration({ ...this.#options.configuration, iceServers });
  }

  async stats(): Promise<MediaStats | undefined> {
    if (!this.#connection || this.#isClosed) return undefined;
    const { userId } = this.#options;
    const connectedAfterMs = this.#connectedAfterMs;
    return {
      userId,
      ...(connectedAfterMs !== undefined && { connectedAfterMs }),
      ...(await readStats(this.#connection)),
    };
  }

  close(): void {
    this.#isClosed = true;
    for (const cancel of Object.values(this.#cancels)) cancel();
    this.#connection?.close();
  }

  #do(step: () => unknown): void {
    this.#work = this.#work
      .then(() => (this.#isClosed ? undefined : step()))
      .catch((error: unknown) => this.#tell(error));
  }

  #tell(error: unknown): void {
    if (!this.#isClosed) this.#options.onError(error);
  }

  async #connect(): Promise<void> {
    const { RTCPeerConnection, configuration, iceServers, onTrack } = this.#options;
    const servers = await iceServers();
    if (this.#isClosed) return;
    this.#connection?.close();
    this.#cancels.restart();
    this.#cancels.turn();
    const connection = new RTCPeerConnection({ ...configuration, iceServers: servers });
    this.#connection = connection;
    listen(connection, 'negotiationneeded', () => this.#do(() => this.#offer(connection)));
    listen(connection, 'icecandidate', ({ candidate }: CandidateEvent) => {
      if (candidate && connection === this.#connection) this.#trickle(candidate.toJSON());
    });
    listen(connection, 'track', ({ track, streams }: TrackEvent) => onTrack(track, streams[0]));
    listen(connection, 'iceconnectionstatechange', () => {
      if (connection === this.#connection) this.#watch(connection.iceConnectionState);
    });
    this.#addTracks(connection);
  }

  #addTracks(connection: PeerConnectionLike): void {
    const tracks = this.#options.tracks();
    const senders = connection.getSenders();
    for (const { track, stream } of tracks) {
      if (!senders.some((sender) => sender.track?.id === track.id)) connection.addTrack(track, stream);
    }
    for (const sender of senders) {
      if (sender.track && !tracks.some(({ track }) => track.id === sender.track?.id)) connection.removeTrack(sender);
    }
  }

  async #offer(connection: PeerConnectionLike): Promise<void> {
    // An offer must not overtake the answer before it.
    await this.#sent;
    // If it is not stable, the browser says again that it needs to negotiate once it is.
    if (!this.#mayOffer || connection !== this.#connection || connection.signalingState !== 'stable') return;
    await connection.setLocalDescription();
    this.#sendDescription(connection);
  }

  #offerAnyway(): void {
    this.#do(async () => {
      if (this.#mayOffer || !this.#connection) return;
      this.#mayOffer = true;
      await this.#offer(this.#connection);
    });
  }

  #sendDescription({ localDescription }: PeerConnectionLike): void {
    if (!localDescription) return;
    const type = localDescription.type === 'offer' ? 'offer' : 'answer';
    this.#sent = this.#send({ type, sdp: localDescription.sdp, to: this.#options.userId });
  }

  async #describe(description: Description): Promise<void> {
    if (description.type === 'offer' && this.#isOfLeft(description)) return;
    const isAnother = this.#isAnother(description);
    if (isAnother) {
      this.#early = [];
      this.#mayOffer ||= description.type === 'answer';
      await this.#connect();
    }
    const connection = this.#connection;
    if (connection && description.type === 'offer') await this.#takeOffer(connection, description);
    else if (connection?.signalingState === 'have-local-offer' && !isAnother)
      await this.#apply(connection, description);
  }

  /** Whether the member offered this before our first offer over another connection came, which it follows. */
  #isOfLeft(offer: Description): boolean {
    return !this.#connection?.remoteDescription && this.#left === fingerprintOf(offer);
  }

  /** Whether the member's app was started anew: it has another peer connection, so this end needs another one as well. */
  #isAnother(description: Description): boolean {
    const known = fingerprintOf(this.#connection?.remoteDescription ?? null);
    return known !== undefined && known !== fingerprintOf(description);
  }

  async #takeOffer(connection: PeerConnectionLike, offer: Description): Promise<void> {
    this.#isIgnoring = connection.signalingState !== 'stable' && !this.#options.isPolite;
    if (this.#isIgnoring) return;
    if (nameOf(connection.remoteDescription) !== nameOf(offer)) this.#cancels.turn();
    const gaveWay = connection.signalingState !== 'stable' && connection.remoteDescription;
    await this.#apply(connection, offer);
    await connection.setLocalDescription();
    this.#sendDescription(connection);
    if (!gaveWay) return;
    // A connection whose offer gave way may send nothing more in Chromium. The other end follows to another one.
    this.#left = fingerprintOf(offer);
    await this.#connect();
  }

  async #apply(connection: PeerConnectionLike, { type, sdp }: Description): Promise<void> {
    await connection.setRemoteDescription({ type, sdp });
    this.#mayOffer = true;
    this.#cancels.patience();
    await this.#addCandidates([]);
  }

  /** Adds candidates whose description is there; the others wait for it. */
  async #addCandidates(candidates: readonly IceCandidate[]): Promise<void> {
    const all = [...this.#early, ...candidates.filter(isCandidate)];
    this.#early = [];
    for (const candidate of all) {
      const description = this.#connection?.remoteDescription;
      const { usernameFragment: name } = candidate;
      const isOfIt = description?.sdp.includes(name ? `a=ice-ufrag:${name}` : '');
      if (isOfIt) await this.#addCandidate(candidate);
      else if (this.#early.length < WAITING) this.#early.push(candidate);
    }
  }

  async #addCandidate(candidate: Candidate): Promise<void> {
    try {
      await this.#connection?.addIceCandidate({ ...candidate, candidate: candidate.candidate ?? '' });
    } catch (error) {
      // Those of an offer that gave way belong to nothing.
      if (!this.#isIgnoring) this.#tell(error);
    }
  }

  #trickle(candidate: IceCandidate): void {
    this.#batch.push(candidate);
    if (this.#batch.length === 1) this.#cancels.batch = later(BATCH_MS, () => this.#sendBatch());
    if (this.#batch.length === MOST_IN_BATCH) this.#sendBatch();
  }

  #sendBatch(): void {
    this.#cancels.batch();
    const candidates = this.#batch.splice(0);
    if (candidates.length > 0) void this.#send({ type: 'candidates', candidates, to: this.#options.userId });
  }

  async #send(signal: OutgoingSignal): Promise<void> {
    await this.#options.send(signal).catch((error: unknown) => this.#tell(error));
  }

  #watch(state: string): void {
    this.#cancels.restart();
    if (state === 'connected' || state === 'completed') this.#connectedAfterMs ??= Date.now() - this.#since;
    else if (state === 'disconnected' || state === 'failed') {
      const turn = this.#options.isFirst ? 1 : 2;
      this.#restartAfter(state === 'failed' ? (turn - 1) * DISCONNECTED_MS : turn * DISCONNECTED_MS);
    }
    this.#options.onState(state);
  }

  #restartAfter(ms: number): void {
    this.#cancels.restart = later(ms, () => {
      this.restart();
      this.#restartAfter(RESTART_MS);
    });
  }
}

/** Whether it is one, and not the end of them. */
const isCandidate = (one: IceCandidate): one is Candidate => typeof one === 'object' && Boolean(one?.candidate);

type Description = Omit<Extract<Signal, { readonly sdp: string }>, 'from'>;

interface CandidateEvent {
  readonly candidate: { toJSON(): IceCandidate } | null;
}

interface TrackEvent {
  readonly track: TrackLike;
  readonly streams: readonly StreamLike[];
}

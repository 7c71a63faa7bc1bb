/** What is used of a `MediaStreamTrack`, of browsers or of React Native. */
export interface TrackLike {
  readonly kind: string;
  readonly id: string;
  enabled: boolean;
  stop(): void;
}

/** What is used of a `MediaStream`. */
export interface StreamLike {
  getTracks(): TrackLike[];
}

/** The tracks of a kind of stream. */
export type TrackOf<Stream extends StreamLike> = ReturnType<Stream['getTracks']>[number];

/** A session description. */
export interface DescriptionLike {
  readonly type: string | null;
  readonly sdp: string;
}

/** What is used of an `RTCRtpSender`. */
export interface SenderLike {
  readonly track: TrackLike | null;
  replaceTrack(track: TrackLike | null): Promise<void>;
}

/** What is used of an `RTCPeerConnection`. */
export interface PeerConnectionLike {
  readonly signalingState: string;
  readonly iceConnectionState: string;
  readonly localDescription: DescriptionLike | null;
  readonly remoteDescription: DescriptionLike | null;
  addTrack(track: TrackLike, ...streams: StreamLike[]): SenderLike;
  removeTrack(sender: SenderLike): void;
  getSenders(): SenderLike[];
  setLocalDescription(): Promise<void>;
  setRemoteDescription(description: { type: 'offer' | 'answer'; sdp: string }): Promise<void>;
  addIceCandidate(candidate: { candidate: string }): Promise<void>;
  setConfiguration(configuration: object): void;
  restartIce(): void;
  getStats(): Promise<{ forEach(each: (report: Readonly<Record<string, unknown>>) => void): void }>;
  close(): void;
}

/** Listens to a peer connection. Each is an event target; the types of `react-native-webrtc` 124 leave that out. */
export function listen<Event>(connection: PeerConnectionLike, type: string, listener: (event: Event) => void): void {
  (connection as PeerConnectionLike & EventsLike<Event>).addEventListener(type, listener); // oxlint-disable-line typescript/no-unsafe-type-assertion -- see above
}

interface EventsLike<Event> {
  addEventListener(type: string, listener: (event: Event) => void): void;
}

/** `RTCPeerConnection`, of the browser or of `react-native-webrtc`. */
export type PeerConnectionConstructor = new (configuration: object) => PeerConnectionLike;

/** What tells one peer connection from another, in each of its descriptions. */
export const fingerprintOf = (description: { readonly sdp: string } | null): string | undefined =>
  /^a=fingerprint:.*$/m.exec(description?.sdp ?? '')?.[0].trim();

/** The name of the paths in a description: another one means new paths. */
export const nameOf = (description: { readonly sdp: string } | null): string | undefined =>
  /^a=ice-ufrag:.*$/m.exec(description?.sdp ?? '')?.[0].trim();

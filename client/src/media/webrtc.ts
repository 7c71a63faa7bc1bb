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
  readonly type: string;
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
  // biome-ignore lint/suspicious/noExplicitAny: each event has a type of its own
  addEventListener(type: string, listener: (event: any) => void): void; // oxlint-disable-line typescript/no-explicit-any -- see above
  close(): void;
}

/** `RTCPeerConnection`, of the browser or of `react-native-webrtc`. */
export type PeerConnectionConstructor = new (configuration: object) => PeerConnectionLike;

/** What tells one peer connection from another, in each of its descriptions. */
export const fingerprintOf = (description: { readonly sdp: string } | null): string | undefined =>
  /^a=fingerprint:.*$/m.exec(description?.sdp ?? '')?.[0].trim();

/** The name of the paths in a description: another one means new paths. */
export const nameOf = (description: { readonly sdp: string } | null): string | undefined =>
  /^a=ice-ufrag:.*$/m.exec(description?.sdp ?? '')?.[0].trim();

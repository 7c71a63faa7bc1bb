import type { CarillonOptions } from '#client/carillon.ts';
import type { MediaStats } from '#client/media/stats.ts';

/** What has come from all others so far: decoded frames, the energy of what was heard, and how many pictures move. */
export interface Received {
  readonly frames: number;
  readonly energy: number;
  readonly videos: number;
  readonly peers: number;
}

/** What the test looks at. */
export interface Look {
  readonly ended: readonly string[];
  readonly errors: readonly string[];
  readonly rungAt: number;
  readonly firstFrameAt: number;
  readonly connections: number;
  /** Whether no offer of any of them waits for its answer. */
  readonly isStable: boolean;
  readonly open: number;
  /** How many of all cameras, microphones and pictures are on. */
  readonly live: number;
  readonly descriptions: readonly string[];
}

/** What a page of the tests can do. */
export interface App {
  connect(options: CarillonOptions): Promise<string>;
  ring(userIds: string[]): Promise<string>;
  /** Waits until it rings. */
  incoming(): Promise<string>;
  /** Waits until it rings, and answers. */
  answer(): Promise<string>;
  resume(): Promise<string>;
  /** Joins the media, with more configuration of the peer connections and the width of the picture. */
  join(configuration?: { readonly iceTransportPolicy?: 'relay' }, width?: number): Promise<void>;
  received(): Promise<Received>;
  stats(): Promise<MediaStats[]>;
  restart(): void;
  mute(kind: 'audio' | 'video', isMuted: boolean): void;
  /** Shares that many screens at once. @default 1 */
  share(many?: number): void;
  switchCamera(): void;
  hangUp(): Promise<void>;
  look(): Look;
  /** Joins the media without a stream, as after a `getUserMedia` that is not there, and in a browser without WebRTC: the codes of the errors. */
  codesOfJoiningWithout(): { readonly withoutStream: unknown; readonly withoutWebRtc: unknown };
}

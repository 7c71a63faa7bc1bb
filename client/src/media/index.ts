// biome-ignore-all lint/performance/noBarrelFile: a package's entry says what it exports

export { joinMedia, Media, type MediaEvents, type MediaOptions } from './media.ts';
export type { MediaStats } from './stats.ts';
export type {
  DescriptionLike,
  PeerConnectionConstructor,
  PeerConnectionLike,
  SenderLike,
  StreamLike,
  TrackLike,
  TrackOf,
} from './webrtc.ts';

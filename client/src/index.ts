// biome-ignore-all lint/performance/noBarrelFile: a package's entry says what it exports

export type { Call, CallEvents } from './call.ts';
export {
  Carillon,
  type CarillonEvents,
  type CarillonOptions,
  type FromPushOptions,
  type RingOptions,
  type SocketConstructor,
} from './carillon.ts';
export { CarillonError, type CarillonErrorCode } from './errors.ts';
export type { LinkState } from './link.ts';
export type { EndReason } from './participation.ts';
export type { News } from './picture.ts';
export type { IceCandidate, OutgoingSignal, Signal } from './signals.ts';
export type { CallSnapshot } from './snapshot.ts';
export type { PushRegistration, Subscription } from './subscription.ts';
export type { Timing } from './timing.ts';
export type { TokenSource } from './tokens.ts';
export type {
  Call as WireCall,
  Candidate,
  Device,
  ErrorCode,
  IceServer,
  Member,
  Person,
  RegisterDeviceRequest,
  Trace,
  UserConnectedEvent,
} from './wire.ts';

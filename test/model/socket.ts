import type { EpochMs } from '#domain/time.ts';
import type { HelloJob } from '#ports/queues.ts';
import type { Handset } from './handset.ts';
import { isOneCall } from './one-call-client.ts';

/** One WebSocket. */
export interface Socket {
  readonly id: string;
  readonly handset: Handset;
  /** The token that it was opened with. */
  readonly user: HelloJob['user'];
  /** The calls whose offer it got. */
  readonly offers: Set<string>;
  /** The signals that it got, by their text. */
  readonly signals: Set<string>;
  readonly openedAt: EpochMs;
  /** Whether the product has heard that it is closed. */
  isForgotten: boolean;
  /** Whether what Socket.IO keeps of it is deleted: that goes before its connection does. */
  isSessionOver: boolean;
  /** Whether it was opened before the product had heard that an older one of its handset is closed. */
  readonly isHasty: boolean;
  wasOpen: boolean;
  /** At which tick its client asked for it. */
  readonly connectTick: number;
  /** At which tick it opened. */
  openTick: number;
  /** How many of the next posts fail; what fails may arrive all the same. */
  failing: number;
  arrives: boolean;
  state: 'connecting' | 'open' | 'half open' | 'closed';
}

/** Whether a socket may hear of a call: one that was opened with a token of one call hears of no other. */
export const hearsOf = ({ user }: Socket, cid: string | undefined): boolean =>
  user.cid === undefined || user.cid === cid;

/**
 * “A phone without `hardware_id` that reconnects before the server knows that its old connection is gone misses what was
 * kept for it”: it is told in the record of the phone that seems to be another one.
 */
export const isMissing = ({ handset, isHasty }: Socket): boolean =>
  isOneCall(handset.dialect) && handset.hardwareId === undefined && isHasty;

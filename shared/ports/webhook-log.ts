import type { EpochMs } from '#domain/time.ts';
import type { Delivery, Tried } from './webhooks.ts';

/** How a delivery stands: taken, or not taken so far. */
export const DELIVERY_STATUSES = ['delivered', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** One event for one webhook, and how the latest try went. */
export interface LoggedDelivery {
  /** Where the log has it, which names it. */
  readonly place: string;
  readonly status: DeliveryStatus;
  /** The webhook's key. */
  readonly webhook: string;
  readonly host: string;
  /** The event's id. */
  readonly id: string;
  readonly type: string;
  readonly cid?: string;
  /** When the event came about. */
  readonly createdAt: EpochMs;
  readonly triedAt: EpochMs;
  /** How many tries there were, but for those that somebody asked for. */
  readonly attempt: number;
  readonly httpStatus?: number;
  readonly fault?: string;
  /** When it is tried again by itself. */
  readonly retryAt?: EpochMs;
}

/** A try, as it is written down. */
export interface LoggedTry {
  readonly delivery: Delivery;
  /** The host of the webhook. */
  readonly host: string;
  readonly tried: Tried;
  readonly at: EpochMs;
  /** How soon it is tried again by itself. */
  readonly retryMs?: number | undefined;
}

/** Which deliveries are asked for. */
export interface WantedDeliveries {
  readonly status?: DeliveryStatus | undefined;
  readonly webhook?: string | undefined;
  /** Start after this place. */
  readonly after?: string | undefined;
}

/** What became of the deliveries of the last day. It is for people: what is lost of it, no delivery misses. */
export interface WebhookLog {
  record(one: LoggedTry): Promise<void>;
  /** Whether an earlier try at it was taken. */
  isTaken(delivery: Delivery): Promise<boolean>;
  /** The newest events first. A page may be empty and still have a `next`. */
  page(wanted: WantedDeliveries, limit: number): Promise<{ deliveries: LoggedDelivery[]; next?: string }>;
  /** One more try at what failed and is at this place. */
  replayOf(place: string): Promise<Delivery | undefined>;
}

import type { EpochMs } from '#domain/time.ts';

/** Where the app's backend is told of what it wants to hear. */
export interface Webhook {
  /** Stays the same as long as the address does, and does not reveal it. */
  readonly key: string;
  readonly url: string;
  /** What signs: the new and the old one while it rotates. */
  readonly secrets: readonly string[];
  /** The types of the events that it gets. @default all of them */
  readonly events?: readonly string[];
}

/** The webhooks of the stage, as they are configured now. Those that may not be called are not among them. */
export interface Webhooks {
  all(): Promise<readonly Webhook[]>;
}

/** One event for one webhook. */
export interface Delivery {
  /** The webhook's key. */
  readonly webhook: string;
  /** The event's id, the same at every try. */
  readonly id: string;
  /** The event as JSON. */
  readonly body: string;
  /** From 1. */
  readonly attempt: number;
  /** When the failed try was of which somebody wanted another one, which this is: nothing follows it but what follows that one anyway. */
  readonly replays?: EpochMs;
}

/** How a try ended. `status`: what the webhook answered, if it did. */
export type Tried =
  | { readonly kind: 'taken'; readonly status: number }
  | { readonly kind: 'failed'; readonly fault: string; readonly status?: number };

/** Calls webhooks. It never throws, and takes a few seconds at most. */
export interface WebhookCaller {
  call(webhook: Webhook, delivery: Delivery): Promise<Tried>;
}

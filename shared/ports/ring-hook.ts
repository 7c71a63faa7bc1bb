import type { Call, Person } from '#domain/call/call.ts';

/** A ring that is about to begin. */
export interface RingAsked {
  readonly call: Call;
  readonly caller: Person;
  readonly callees: readonly string[];
}

/** What the app's backend says of a ring. */
export type RingVerdict =
  /** `callees`: those who may be rung. @default all of them */
  | { readonly kind: 'allowed'; readonly callees?: readonly string[] }
  | { readonly kind: 'refused'; readonly reason?: string }
  /** It did not answer in time, or not what it should. `rings`: whether the ring goes on all the same. */
  | { readonly kind: 'failed'; readonly rings: boolean; readonly fault: string };

/** Asks the app's backend whether a ring may begin. It never fails and takes a second at most. */
export interface RingHook {
  ask(ring: RingAsked): Promise<RingVerdict>;
}

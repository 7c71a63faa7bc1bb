import type { Ground } from './contestant.ts';
import type { BenchRing } from './rings.ts';

/** What the process of a contestant is told. */
export type Order =
  | {
      readonly type: 'prepare';
      readonly contestant: string;
      readonly ground: Ground;
      /** Where Google's and Apple's hosts are found instead. */
      readonly portOf: Readonly<Record<string, number>>;
      readonly rings: readonly BenchRing[];
    }
  | { readonly type: 'open'; readonly startsAt: number }
  | { readonly type: 'ring'; readonly index: number; readonly expiresAt: number }
  | { readonly type: 'finish' };

/** What it reports. */
export type Report =
  | { readonly type: 'ready' }
  /** A ring has ended. */
  | { readonly type: 'settled' }
  | { readonly type: 'finished'; readonly deleted: readonly string[] };

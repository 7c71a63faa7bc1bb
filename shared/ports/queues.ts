import type { Stop } from '#domain/call/effects.ts';
import type { TokenKind } from '#domain/identity.ts';
import type { EpochMs } from '#domain/time.ts';
import type { Signal } from './mailbox.ts';

/** Work of the ring function: one message a callee, or a device. */
export type RingJob =
  | {
      readonly type: 'ring';
      readonly cid: string;
      readonly userId: string;
      readonly ringId: string;
      /** What came with the ring, for the connections that are open; it waits in the mailbox for all others. */
      readonly offer?: Signal;
    }
  | { readonly type: 'stop'; readonly cid: string; readonly stop: Stop }
  | { readonly type: 'notice'; readonly cid: string; readonly userId: string; readonly ringId: string }
  /** One device once more, in attempt number `attempt`: to ring it, to silence it, to tell it of a missed call. */
  | (OneDevice & { readonly type: 'retry' })
  | (OneDevice & { readonly type: 'retry-stop'; readonly stop: Pick<Stop, 'type' | 'notify'> })
  | (OneDevice & { readonly type: 'retry-notice' });

/** Another attempt at one device of a ring. */
export interface OneDevice {
  readonly cid: string;
  readonly userId: string;
  readonly ringId: string;
  readonly pushTokenKey: string;
  readonly attempt: number;
}

/** A timer: it looks at the call when it fires, and decides nothing by itself. */
export type TimerJob =
  | { readonly type: 'deadline'; readonly cid: string; readonly at: EpochMs }
  | { readonly type: 'vanish'; readonly cid: string; readonly userId: string; readonly at: EpochMs };

/** A connection that has just opened and is to be greeted. */
export interface HelloJob {
  readonly connectionId: string;
  readonly attempt: number;
  readonly user: {
    readonly userId: string;
    readonly name?: string;
    readonly kind: TokenKind;
    readonly cid?: string;
    readonly hardwareId?: string;
    readonly tokenFingerprint: string;
  };
  readonly connectedAt: EpochMs;
}

/** A queue of jobs: at least once, in any order, `delayMs` rounded up to whole seconds. */
export interface Queue<Job> {
  send(jobs: readonly Job[], delayMs?: number): Promise<void>;
}

import type { Call, Person } from '#domain/call/call.ts';
import type { EpochMs } from '#domain/time.ts';

/** A candidate as it was sent; null is the end of candidates. */
export type Candidate = Readonly<Record<string, unknown>> | null;

/** Why a call is over for a phone. */
export const OVER_REASONS = [
  'completed',
  'cancelled',
  'missed',
  'replaced',
  'answered_elsewhere',
  'declined_elsewhere',
] as const;
export type OverReason = (typeof OVER_REASONS)[number];

/**
 * What a phone hears of a call of two, if its dialect shows one call at a time and has a word for each of these alone. The
 * calls and the order are right already: `tellHandset` sees to that. `other` is who they are in the call with.
 */
export type Notice =
  | {
      readonly type: 'ring';
      readonly call: Call;
      readonly other: Person;
      readonly offer: string;
      readonly expiresAt: EpochMs;
    }
  | { readonly type: 'answer'; readonly call: Call; readonly other: Person; readonly answer: string }
  | { readonly type: 'candidate'; readonly call: Call; readonly other: Person; readonly candidate: Candidate }
  | { readonly type: 'rejected'; readonly call: Call; readonly other: Person; readonly reason: string }
  | { readonly type: 'over'; readonly call: Call; readonly other: Person; readonly reason: OverReason }
  | { readonly type: 'unreachable'; readonly call: Call; readonly other: Person };

/** That the user is rung. */
export type RingNotice = Extract<Notice, { type: 'ring' }>;

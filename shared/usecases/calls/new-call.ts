import type { BusyPolicy, Call, MediaProvider } from '#domain/call/call.ts';
import { MAX_MEMBERS, type NewCall, newCall } from '#domain/call/new-call.ts';
import { invalid, ServiceError } from '#domain/errors.ts';
import { asPerson, handsetOf, type UserPrincipal } from '#domain/identity.ts';
import type { EpochMs } from '#domain/time.ts';

/** A call that a user wants to have. */
export interface WantedCall {
  readonly cid: string;
  readonly user: UserPrincipal;
  /** Absent if the call is expected to exist. */
  readonly members?: NewCall['members'] | undefined;
  readonly video: boolean;
  readonly custom: Readonly<Record<string, unknown>>;
  /** How long it rings, in ms. @default 45 s */
  readonly ringMs?: number | undefined;
  /** What happens to callees who are in another call. It counts in requests of the app's own backend only. */
  readonly busy?: BusyPolicy | undefined;
  /** The handset that a request names, if its token does not. */
  readonly hardwareId?: string | undefined;
  /** Who carries its media. @default its members connect to each other */
  readonly mediaProvider?: MediaProvider | undefined;
  /** Whether the call is cancelled if nothing of the callee can ring. @default it rings on to its deadline */
  readonly cancelsIfUnreachable?: true | undefined;
}

/** What the stage says of all calls. */
export interface CallRules {
  readonly busy: BusyPolicy;
  readonly maxDurationMs: number;
}

/** The call that was asked for: made just now, or found. */
export type CallOutcome = { readonly kind: 'created' | 'found'; readonly call: Call };

const DEFAULT_RING_MS = 45_000;

/** Why no call can be made of what is wanted; nothing if one can. */
export function whyNotNew({ user, members = [] }: WantedCall): ServiceError | undefined {
  if (members.length === 0) return invalid('members', 'is required to create a call');
  const ids = new Set([user.userId, ...members.map(({ userId }) => userId)]);
  if (ids.size < 2) return invalid('members', 'must name somebody besides the caller');
  if (ids.size <= MAX_MEMBERS) return undefined;
  return new ServiceError('too_many_members', `a call has at most ${MAX_MEMBERS} members`);
}

/** Whom the call would have besides the user who wants it. */
export const calleesIn = ({ user, members = [] }: WantedCall): string[] => [
  ...new Set(members.map(({ userId }) => userId).filter((userId) => userId !== user.userId)),
];

/** The call that is wanted, as nobody has heard of it yet. `rings`: it is about to ring, so its creator takes part. */
export const newCallOf = (
  wanted: WantedCall,
  rules: CallRules,
  { now, rings, blockers }: { now: EpochMs; rings: boolean; blockers: ReadonlySet<string> },
): Call => {
  const { cid, user, members = [], video, custom, ringMs = DEFAULT_RING_MS, hardwareId, mediaProvider } = wanted;
  return newCall(
    {
      cid,
      caller: asPerson(user),
      // A call that the app's backend makes ahead of time: its creator takes part once they ring or answer.
      callerOn: rings || user.kind !== 'server' ? handsetOf(user, hardwareId) : undefined,
      members,
      blockers,
      video,
      custom,
      ringMs,
      // Only the app's own backend may let a call through to a user who is in another one.
      busy: (user.kind === 'server' ? wanted.busy : undefined) ?? rules.busy,
      maxDurationMs: rules.maxDurationMs,
      mediaProvider,
      cancelsIfUnreachable: wanted.cancelsIfUnreachable,
    },
    now,
  );
};

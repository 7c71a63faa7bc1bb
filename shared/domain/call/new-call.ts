import { defined } from '../defined.ts';
import { type EpochMs, later } from '../time.ts';
import { type BusyPolicy, type Call, type Handset, type MediaProvider, type Member, splitCid } from './call.ts';

/** How many users a call may have, the caller among them. */
export const MAX_MEMBERS = 100;

/** Past this many members an event carries only those that changed. */
export const MAX_MEMBERS_IN_EVENT = 10;

/** What a call is made from. */
export interface NewCall {
  readonly cid: string;
  readonly caller: { readonly id: string; readonly name?: string };
  /** The handset of a creator who is in the call from the start. Absent: they are invited like the others. */
  readonly callerOn?: Handset | undefined;
  /** Everybody in the call; the caller may be left out. */
  readonly members: readonly { readonly userId: string; readonly role?: Member['role'] }[];
  /** Those who have blocked the caller: there is no such call for them. @default nobody */
  readonly blockers?: ReadonlySet<string>;
  readonly video: boolean;
  readonly custom: Readonly<Record<string, unknown>>;
  readonly ringMs: number;
  readonly busy: BusyPolicy;
  readonly maxDurationMs: number;
  readonly mediaProvider?: MediaProvider | undefined;
  readonly cancelsIfUnreachable?: true | undefined;
}

/** A call that nobody has heard of yet: the caller is in it, everybody else is invited. */
export function newCall(made: NewCall, now: EpochMs): Call {
  const callees = made.members.filter(({ userId }) => userId !== made.caller.id);
  const members: Member[] = [
    {
      userId: made.caller.id,
      role: 'admin',
      since: now,
      ...(made.callerOn ? { state: 'joined', handset: made.callerOn } : { state: 'invited' }),
    },
    ...callees.map(
      ({ userId, role = 'user' }): Member => ({
        userId,
        role,
        state: 'invited',
        since: now,
        ...(made.blockers?.has(userId) && { unheard: 'blocked_call' }),
      }),
    ),
  ];
  return {
    cid: made.cid,
    ...splitCid(made.cid),
    createdBy: made.caller,
    createdAt: now,
    status: 'created',
    video: made.video,
    custom: made.custom,
    ringMs: made.ringMs,
    busy: made.busy,
    ...defined({ mediaProvider: made.mediaProvider }),
    ...(made.cancelsIfUnreachable && { cancelsIfUnreachable: true }),
    endsAt: later(now, made.maxDurationMs),
    version: 1,
    ringIds: [],
    members: Object.fromEntries(members.map((member) => [member.userId, member])),
  };
}

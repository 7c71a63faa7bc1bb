import { type EpochMs, HOUR_MS, later, MINUTE_MS } from '../time.ts';

// Each closed set is written once, here: schemas take the list, and types follow from it.

export const CALL_STATUSES = ['created', 'ringing', 'active', 'ended'] as const;
export type CallStatus = (typeof CALL_STATUSES)[number];

export const ENDED_REASONS = ['completed', 'rejected', 'cancelled', 'missed', 'failed'] as const;
export type EndedReason = (typeof ENDED_REASONS)[number];

export const MEMBER_ROLES = ['admin', 'user'] as const;
export type MemberRole = (typeof MEMBER_ROLES)[number];

export const MEMBER_STATES = [
  'joined',
  'invited',
  'ringing',
  'accepted',
  'rejected',
  'busy',
  'missed',
  'left',
] as const;
export type MemberState = (typeof MEMBER_STATES)[number];

/** Why a call is rejected: `decline`, `busy`, `cancel`, or the app's own text, which counts as a decline. The service itself says `busy` for a callee who is in another call. */
export type RejectReason = string;

/** Why a member does not ring, or no longer rings: a reason for rejecting the call, `missed` or `cancelled`. */
export type MemberReason = string;

/** What happens to a callee who is in another call: `reject` makes them busy, `ring` rings them anyway. */
export const BUSY_POLICIES = ['reject', 'ring'] as const;
export type BusyPolicy = (typeof BUSY_POLICIES)[number];

/** The services that carry the media of a call in the place of its members' own connections to each other. */
export const MEDIA_PROVIDERS = ['agora'] as const;
export type MediaProvider = (typeof MEDIA_PROVIDERS)[number];

/** What is known of the device that somebody acts from. */
export interface Handset {
  readonly hardwareId?: string;
  readonly connectionId?: string;
  /** New at every start of its app, if the app says so. */
  readonly sessionId?: string;
  /** Fingerprint of the token that it came with. */
  readonly tokenFingerprint: string;
}

/**
 * Why a member does not hear a ring: they have blocked whoever brought them into the call, so that there is no such call
 * for them; they have blocked whoever rings them in it; or they do not want to be disturbed.
 */
export const UNHEARD = ['blocked_call', 'blocked_ring', 'do_not_disturb'] as const;
export type Unheard = (typeof UNHEARD)[number];

/** A user in a call. */
export interface Member {
  readonly userId: string;
  readonly role: MemberRole;
  readonly state: MemberState;
  /** When `state` was entered. */
  readonly since: EpochMs;
  readonly reason?: MemberReason;
  /** The latest ring of this member. */
  readonly ringId?: string;
  readonly ringExpiresAt?: EpochMs;
  /** Who asked for that ring, if it was not the creator of the call. */
  readonly rungBy?: Person;
  /** The handset that takes part in the call for this member: the one that rang others, or the one that answered. */
  readonly handset?: Handset;
  /** When they answered a ring before the latest one. */
  readonly answeredAt?: EpochMs;
  /** Why the latest ring, or the call, is not heard; absent if it is. */
  readonly unheard?: Unheard;
}

/** A user as others are told of them. */
export interface Person {
  readonly id: string;
  readonly name?: string;
  /** The address of their picture. */
  readonly image?: string;
}

/** A call with its members: one item, changed in one conditional write. */
export interface Call {
  /** `type:id`. */
  readonly cid: string;
  readonly type: string;
  readonly id: string;
  readonly createdBy: Person;
  readonly createdAt: EpochMs;
  readonly status: CallStatus;
  readonly video: boolean;
  readonly custom: Readonly<Record<string, unknown>>;
  /** How long a ring lasts, in ms. */
  readonly ringMs: number;
  readonly busy: BusyPolicy;
  /** Who carries its media, if its members do not connect to each other: then it is a hosted call. */
  readonly mediaProvider?: MediaProvider;
  /** If nothing of the callee can ring, the call is cancelled instead of ringing on to its deadline. */
  readonly cancelsIfUnreachable?: true;
  /** The call that kept the creator busy when they placed this one; afterwards it does so again. */
  readonly callerBusyIn?: string;
  readonly ringStartedAt?: EpochMs;
  readonly ringExpiresAt?: EpochMs;
  readonly acceptedAt?: EpochMs;
  /** When the call ends by itself, however it stands. */
  readonly endsAt: EpochMs;
  readonly endedAt?: EpochMs;
  readonly endedReason?: EndedReason;
  readonly endedBy?: string;
  /** It ended because the same two people ring each other by another call. */
  readonly replaced?: true;
  /** How many changes the call has seen. */
  readonly version: number;
  /** Every ring so far: one that was seen before changes nothing. */
  readonly ringIds: readonly string[];
  readonly members: Readonly<Record<string, Member>>;
}

/** The two parts of `cid`. */
export const splitCid = (cid: string): { type: string; id: string } => {
  const colon = cid.indexOf(':');
  return { type: cid.slice(0, colon), id: cid.slice(colon + 1) };
};

/** The member that `userId` is; a user may be called `constructor`, and is no member for that. */
export const memberOf = ({ members }: Pick<Call, 'members'>, userId: string): Member | undefined =>
  Object.hasOwn(members, userId) ? members[userId] : undefined;

/** Members in a steady order: the creator first, then by user id. */
export const membersOf = (call: Call): Member[] =>
  Object.values(call.members).toSorted((a, b) => rank(call, a).localeCompare(rank(call, b)));

const rank = (call: Call, { userId }: Member): string => `${isCreator(call, userId) ? 0 : 1}${userId}`;

/** Whether `userId` made the call. */
export const isCreator = (call: Call, userId: string): boolean => call.createdBy.id === userId;

/** Whoever started the latest ring of a member: the creator as a rule, else the member who rang them. */
export const ringerOf = (call: Call, { rungBy = call.createdBy }: Member): Person => rungBy;

/** Whoever rang these members, each once. */
export const ringersOf = (call: Call, userIds: readonly string[]): string[] => [
  ...new Set(
    userIds.flatMap((userId) => {
      const member = memberOf(call, userId);
      return member ? [ringerOf(call, member).id] : [];
    }),
  ),
];

/** Whether `userId` is the caller: who rang somebody in this call, or who created it while nobody has been rung. */
export const isCaller = (call: Call, userId: string): boolean =>
  call.ringIds.length === 0
    ? isCreator(call, userId)
    : Object.values(call.members).some(
        (member) => member.ringId !== undefined && member.userId !== userId && ringerOf(call, member).id === userId,
      );

/** Everybody whom the call was for: all but its callers, unless these were rung as well. */
export const calledMembers = (call: Call): Member[] =>
  membersOf(call).filter(({ userId, ringId }) => !isCaller(call, userId) || ringId !== undefined);

/** Whether the call is between two people. */
export const isPair = ({ members }: Pick<Call, 'members'>): boolean => Object.keys(members).length === 2;

/**
 * Whether a media provider carries the call. Nobody says when people stop talking there, and they need no connection to us
 * for it: once such a call is answered it waits for no connection, keeps nobody busy, and goes on until somebody ends it.
 */
export const isHosted = ({ mediaProvider }: Pick<Call, 'mediaProvider'>): boolean => mediaProvider !== undefined;

/** The name of a hosted call's channel at the media provider: unique, and within what Agora takes (64 bytes of printable ASCII), whatever the users are called. */
export const channelOf = ({ id }: Pick<Call, 'id'>): string => id;

/** Everybody in the call. */
export const userIdsOf = (call: Call): string[] => Object.keys(call.members);

/** When a member last answered a ring of this call, or a moment soon after that. */
export function answeredAt(call: Call, userId: string): EpochMs | undefined {
  const member = memberOf(call, userId);
  if (member?.ringId === undefined) return undefined;
  const { state, since } = member;
  return state === 'accepted' || state === 'joined' || state === 'left' ? since : member.answeredAt;
}

/** Whether the member is in the conversation, or was from the start. */
export const isIn = ({ state }: Member): boolean => state === 'joined' || state === 'accepted';

/** Whether the member's ring is still on at `now`. */
export const isRinging = (member: Member, now: EpochMs): boolean =>
  member.state === 'ringing' && (member.ringExpiresAt === undefined || now < member.ringExpiresAt);

/** Whether the call keeps `userId` from being rung by another: ringing, or in it. */
export function keepsBusy(call: Call, userId: string, now: EpochMs): boolean {
  const member = memberOf(call, userId);
  if (!member || now >= call.endsAt) return false;
  switch (call.status) {
    case 'created':
    case 'ended':
      return false;
    case 'ringing':
      return isIn(member) ? isBeingAnswered(call, now) : rings(member, now);
    case 'active':
      return !isHosted(call) && (isIn(member) || rings(member, now));
  }
}

/** Nobody is busy by a ring that they do not hear. */
const rings = (member: Member, now: EpochMs): boolean => member.unheard === undefined && isRinging(member, now);

const isBeingAnswered = (call: Call, now: EpochMs): boolean =>
  Object.values(call.members).some((member) => isRinging(member, now));

/** The fingerprint of every token that we mint for one device, by its key: woken twice, it is still the same device. */
export const pushTokenFingerprint = (pushTokenKey: string): string => `${PUSH_TOKEN_FINGERPRINT}${pushTokenKey}`;

const PUSH_TOKEN_FINGERPRINT = 'device:';

/** The key of the push token that a fingerprint stands for, if it stands for one. */
export const pushTokenKeyOf = (tokenFingerprint: string): string | undefined =>
  tokenFingerprint.startsWith(PUSH_TOKEN_FINGERPRINT)
    ? tokenFingerprint.slice(PUSH_TOKEN_FINGERPRINT.length)
    : undefined;

/** Whether both are one device: the same handset, else the same connection, else the same bearer. */
export function isSameHandset(a: Handset, b: Handset): boolean {
  if (a.hardwareId !== undefined && b.hardwareId !== undefined) return a.hardwareId === b.hardwareId;
  if (isSamePushToken(a, b)) return true;
  if (a.connectionId !== undefined && b.connectionId !== undefined) return a.connectionId === b.connectionId;
  return a.tokenFingerprint === b.tokenFingerprint;
}

/** Whether both were woken by a push to the same token. */
const isSamePushToken = (a: Pick<Handset, 'tokenFingerprint'>, b: Pick<Handset, 'tokenFingerprint'>): boolean =>
  a.tokenFingerprint === b.tokenFingerprint && a.tokenFingerprint.startsWith(PUSH_TOKEN_FINGERPRINT);

/** What tells one connection of a user from another. */
export interface ConnectionOfUser extends Pick<Handset, 'hardwareId' | 'sessionId' | 'tokenFingerprint'> {
  readonly id: string;
  readonly connectedAt: EpochMs;
}

/**
 * Those of a user's connections that belong to the handset by which they take part in a call. By its `hardwareId`, if it
 * has one. Without one, it is its own connection, and after that was lost any later connection that has none either. A
 * handset that was never connected and has no id may be any. An app that was started anew is not back by itself: if both
 * say their session, it must be the same.
 */
export function connectionsOf<C extends ConnectionOfUser>(
  { handset, since }: Pick<Member, 'handset' | 'since'>,
  connections: readonly C[],
): readonly C[] {
  if (!handset) return connections;
  const { hardwareId, connectionId, sessionId } = handset;
  const isSameSession = (on: C): boolean =>
    sessionId === undefined || on.sessionId === undefined || on.sessionId === sessionId;
  if (hardwareId !== undefined) return connections.filter((on) => on.hardwareId === hardwareId && isSameSession(on));
  if (connectionId === undefined) return connections.filter(isSameSession);
  const own = connections.filter((on) => on.id === connectionId || isSamePushToken(on, handset));
  if (own.length > 0) return own;
  return connections.filter((on) => on.hardwareId === undefined && on.connectedAt >= since && isSameSession(on));
}

/** Whether the member has answered: on this device, on another one, or not at all. */
export function handsetAnswered(call: Call, userId: string, on: Handset): 'here' | 'elsewhere' | 'nowhere' {
  const member = memberOf(call, userId);
  if (member?.state !== 'accepted' || !member.handset) return 'nowhere';
  return isSameHandset(member.handset, on) ? 'here' : 'elsewhere';
}

/** How long a wake token outlives the ring that it was sent with. */
const WAKE_TOKEN_GRACE_MS = 10 * MINUTE_MS;

/** The moment from which a wake token of the member's ring is no longer good. */
export const wakeTokenExpiry = (ringExpiresAt: EpochMs): EpochMs => later(ringExpiresAt, WAKE_TOKEN_GRACE_MS);

/** How long a call token is good. */
const CALL_TOKEN_MS = 4 * HOUR_MS;

/** The moment from which a call token made at `now` is no longer good. */
export const callTokenExpiry = (now: EpochMs): EpochMs => later(now, CALL_TOKEN_MS);

import { v5 as uuidV5 } from 'uuid';
import type * as z from 'zod';
import { type Call, type Member, membersOf } from '#domain/call/call.ts';
import { MAX_MEMBERS_IN_EVENT } from '#domain/call/new-call.ts';
import { asSeenByThemselves } from '#domain/call/unheard.ts';
import { defined } from '#domain/defined.ts';
import type { Preferences } from '#domain/protection/guard.ts';
import type { PushToken } from '#domain/push-token/token.ts';
import { type EpochMs, iso } from '#domain/time.ts';
import type { Block } from '#ports/guard-store.ts';
import type { TraceEvent } from '#ports/trace.ts';
import type * as callSchemas from './call.ts';
import type * as answerSchemas from './rest/answers.ts';
import type * as deviceSchemas from './rest/device.ts';
import type * as traceSchemas from './rest/trace.ts';

/** A call and its members as clients get them. */
type CallResource = z.infer<typeof callSchemas.callResource>;
type CallInFrame = z.infer<typeof callSchemas.callInFrame>;

/** Who sees an answer: a user, or the app's own backend (or an operator), which sees everything. */
export type Viewer = { readonly userId: string } | 'server';

/** The most bytes that the members take in one frame. With the rest of the frame they stay below API Gateway's 32 KiB. */
const MAX_MEMBER_BYTES = 24 * 1024;

/** The id of the call for CallKit: the UUIDv5 of the cid in the URL namespace. */
export const callUuid = (cid: string): string => uuidV5(cid, uuidV5.URL);

const isoIfAny = (at: EpochMs | undefined): string | undefined => (at === undefined ? undefined : iso(at));

/** The call as clients see it. */
export const callView = (call: Call): CallResource['call'] => ({
  id: call.id,
  type: call.type,
  cid: call.cid,
  call_uuid: callUuid(call.cid),
  created_by: call.createdBy,
  created_at: iso(call.createdAt),
  status: call.status,
  video: call.video,
  ...defined({
    ring_started_at: isoIfAny(call.ringStartedAt),
    ring_expires_at: isoIfAny(call.ringExpiresAt),
    accepted_at: isoIfAny(call.acceptedAt),
    ended_at: isoIfAny(call.endedAt),
    ended_reason: call.endedReason,
    ended_by: call.endedBy,
  }),
  version: call.version,
  custom: call.custom,
});

/** A member as `viewer` sees them. The phone that somebody answered on is shown to themselves only. */
const memberView = (whole: Member, viewer: Viewer): CallResource['members'][number] => {
  const member = viewer !== 'server' && viewer.userId === whole.userId ? asSeenByThemselves(whole) : whole;
  return {
    user_id: member.userId,
    role: member.role,
    state: member.state,
    ...defined({
      reason: member.reason,
      ring_id: member.ringId,
      ring_expires_at: isoIfAny(member.ringExpiresAt),
    }),
    ...answeredOnView(member, viewer),
  };
};

function answeredOnView({ userId, state, handset: answeredOn }: Member, viewer: Viewer) {
  if (state !== 'accepted' || !answeredOn || (viewer !== 'server' && viewer.userId !== userId)) return {};
  const { connectionId, hardwareId } = answeredOn;
  if (connectionId === undefined && hardwareId === undefined) return {};
  return { answered_on: defined({ connection_id: connectionId, hardware_id: hardwareId }) };
}

/** The call and all its members, which answer every request about a call. */
export const callResource = (call: Call, viewer: Viewer): CallResource => ({
  call: callView(call),
  members: membersOf(call).map((member) => memberView(member, viewer)),
});

/** The call and its members in one frame, which answer a command over a socket. */
export const callInFrame = (call: Call, viewer: Viewer): CallInFrame => ({
  call: callView(call),
  ...membersInFrame(membersOf(call), viewer),
});

/** The call in an event. Of a large call it shows only the members in `changed`. */
export function callInEvent(
  call: Call,
  viewer: Viewer,
  changed: ReadonlySet<string>,
): CallInFrame & { version: number } {
  const members = membersOf(call);
  const shown = members.length > MAX_MEMBERS_IN_EVENT ? members.filter(({ userId }) => changed.has(userId)) : members;
  return { call: callView(call), ...membersInFrame(shown, viewer), version: call.version };
}

/** As many members as fit, the viewer first, and the number of those left out. A GET shows all of them. */
function membersInFrame(members: readonly Member[], viewer: Viewer): Omit<CallInFrame, 'call'> {
  const views = members.map((member) => memberView(member, viewer));
  if (Buffer.byteLength(JSON.stringify(views)) <= MAX_MEMBER_BYTES) return { members: views };
  let left = MAX_MEMBER_BYTES;
  const mine = (view: { readonly user_id: string }): boolean => viewer !== 'server' && view.user_id === viewer.userId;
  const fitting = [...views.filter(mine), ...views.filter((view) => !mine(view))].filter((view) => {
    left -= Buffer.byteLength(JSON.stringify(view)) + 1;
    return left >= 0;
  });
  return { members: fitting, members_omitted: views.length - fitting.length };
}

/** The details that nobody is shown: they tell push tokens apart that have the same end. */
const UNSEEN: ReadonlySet<string> = new Set(['device_key']);

/** The details that tell a user's phones apart. */
const OF_A_DEVICE: ReadonlySet<string> = new Set(['device', 'connection_id', 'hardware_id', 'provider_message_id']);

/** How the ring of each callee went. */
export type Verdicts = readonly { readonly userId: string; readonly verdict: string }[];

/** How the rings of a call went. `verdict` sums it up in one line; it names each callee if there are several. */
export const verdictsView = (verdicts: Verdicts): Pick<z.infer<typeof traceSchemas.trace>, 'verdict' | 'verdicts'> => ({
  verdict:
    verdicts.length === 1
      ? verdicts.map(({ verdict }) => verdict).join()
      : verdicts.map(({ userId, verdict }) => `${userId}: ${verdict}`).join('; '),
  verdicts: verdicts.map(({ userId, verdict }) => ({ user_id: userId, verdict })),
});

/** A ring trace as `viewer` sees it. */
export const traceView = (
  events: readonly TraceEvent[],
  verdicts: Verdicts,
  viewer: Viewer,
): z.infer<typeof traceSchemas.trace> => ({
  ...verdictsView(verdicts),
  trace: events.map((event) => traceEventView(event, viewer)),
});

/** One event of a ring trace as `viewer` sees it. Details about somebody's phone are shown to themselves only. */
const traceEventView = (
  { at, event, userId, details = {} }: TraceEvent,
  viewer: Viewer,
): z.infer<typeof traceSchemas.traceEvent> => ({
  at: iso(at),
  event,
  ...defined({ user_id: userId }),
  ...Object.fromEntries(
    Object.entries(details).filter(
      ([name]) => !UNSEEN.has(name) && (viewer === 'server' || viewer.userId === userId || !OF_A_DEVICE.has(name)),
    ),
  ),
});

/** A device as its user sees it. */
export const deviceView = (pushToken: PushToken): z.infer<typeof deviceSchemas.device> => ({
  id: pushToken.token,
  push_provider: pushToken.provider,
  push_provider_name: pushToken.providerName,
  voip_token: pushToken.voip,
  id_type: pushToken.idType,
  sandbox: pushToken.sandbox,
  ...defined({ hardware_id: pushToken.hardwareId, app_version: pushToken.appVersion }),
  user_id: pushToken.userId,
  created_at: iso(pushToken.createdAt),
  updated_at: iso(pushToken.refreshedAt),
  ...(pushToken.failing && { failing: { reason: pushToken.failing.reason, since: iso(pushToken.failing.since) } }),
});

/** The users whom a user has blocked. */
export const blocksView = (blocks: readonly Block[]): z.infer<typeof answerSchemas.blockList> => ({
  blocks: blocks.map(({ userId, createdAt }) => ({ user_id: userId, created_at: iso(createdAt) })),
});

/** What a user has chosen, as they see it. */
export const preferencesView = ({ doNotDisturb }: Preferences): z.infer<typeof answerSchemas.preferences> => ({
  do_not_disturb: typeof doNotDisturb === 'object' ? { until: iso(doNotDisturb.until) } : doNotDisturb === true,
});

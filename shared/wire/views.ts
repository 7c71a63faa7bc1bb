import { v5 as uuidV5 } from 'uuid';
import { type Call, type Member, membersOf } from '#domain/call.ts';
import type { Device } from '#domain/device.ts';
import { iso } from '#domain/time.ts';
import type { TraceEvent } from '#ports/trace.ts';

/** Who looks: a user, or the app's own backend, which sees everything. */
export type Viewer = { readonly userId: string } | 'server';

/** Past this many members an event carries only those that changed. */
const MAX_MEMBERS_IN_EVENT = 10;

/** The id that CallKit knows the call by: UUIDv5 of the cid in the URL namespace. */
export const callUuid = (cid: string): string => uuidV5(cid, uuidV5.URL);

/** The call as clients see it. */
export const callView = (call: Call) => ({
  id: call.id,
  type: call.type,
  cid: call.cid,
  call_uuid: callUuid(call.cid),
  created_by: call.createdBy,
  created_at: iso(call.createdAt),
  status: call.status,
  video: call.video,
  ...(call.ringStartedAt !== undefined && { ring_started_at: iso(call.ringStartedAt) }),
  ...(call.ringExpiresAt !== undefined && { ring_expires_at: iso(call.ringExpiresAt) }),
  ...(call.acceptedAt !== undefined && { accepted_at: iso(call.acceptedAt) }),
  ...(call.endedAt !== undefined && { ended_at: iso(call.endedAt) }),
  ...(call.endedReason !== undefined && { ended_reason: call.endedReason }),
  ...(call.endedBy !== undefined && { ended_by: call.endedBy }),
  version: call.version,
  custom: call.custom,
});

/** A member as `viewer` sees them: which phone somebody answered on is their own business. */
const memberView = (member: Member, viewer: Viewer) => ({
  user_id: member.userId,
  role: member.role,
  state: member.state,
  ...(member.reason !== undefined && { reason: member.reason }),
  ...(member.ringId !== undefined && { ring_id: member.ringId }),
  ...(member.ringExpiresAt !== undefined && { ring_expires_at: iso(member.ringExpiresAt) }),
  ...answeredOnView(member, viewer),
});

function answeredOnView({ userId, answeredOn }: Member, viewer: Viewer) {
  if (!answeredOn || (viewer !== 'server' && viewer.userId !== userId)) return {};
  const { connectionId, hardwareId } = answeredOn;
  if (connectionId === undefined && hardwareId === undefined) return {};
  return {
    answered_on: {
      ...(connectionId !== undefined && { connection_id: connectionId }),
      ...(hardwareId !== undefined && { hardware_id: hardwareId }),
    },
  };
}

/** The call and all its members: the answer to every request about a call. */
export const callResource = (call: Call, viewer: Viewer) => ({
  call: callView(call),
  members: membersOf(call).map((member) => memberView(member, viewer)),
});

/** The call in an event: of a large one, only the members in `changed`. */
export function callInEvent(call: Call, viewer: Viewer, changed: ReadonlySet<string>) {
  const members = membersOf(call);
  const shown = members.length > MAX_MEMBERS_IN_EVENT ? members.filter(({ userId }) => changed.has(userId)) : members;
  return { call: callView(call), members: shown.map((member) => memberView(member, viewer)), version: call.version };
}

/** What tells one phone of somebody from another. */
const OF_A_DEVICE: ReadonlySet<string> = new Set(['device', 'connection_id', 'hardware_id']);

/** One event of a ring trace as `viewer` sees it: which of somebody's phones it was is their own business. */
export const traceEventView = ({ at, event, userId, details = {} }: TraceEvent, viewer: Viewer) => ({
  at: iso(at),
  event,
  ...(userId !== undefined && { user_id: userId }),
  ...Object.fromEntries(
    Object.entries(details).filter(
      ([name]) => viewer === 'server' || viewer.userId === userId || !OF_A_DEVICE.has(name),
    ),
  ),
});

/** A device as its user sees it. */
export const deviceView = (device: Device) => ({
  id: device.token,
  push_provider: device.provider,
  push_provider_name: device.providerName,
  voip_token: device.voip,
  id_type: device.idType,
  sandbox: device.sandbox,
  ...(device.hardwareId !== undefined && { hardware_id: device.hardwareId }),
  ...(device.appVersion !== undefined && { app_version: device.appVersion }),
  user_id: device.userId,
  created_at: iso(device.createdAt),
  updated_at: iso(device.refreshedAt),
  ...(device.failing && { failing: { reason: device.failing.reason, since: iso(device.failing.since) } }),
});

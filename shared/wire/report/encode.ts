import { v5 as uuidV5 } from 'uuid';
import type * as z from 'zod';
import { type Call, calledMembers, memberOf, splitCid } from '#domain/call/call.ts';
import { REPLACED } from '#domain/call/change.ts';
import { defined } from '#domain/defined.ts';
import { lastOf } from '#domain/push-token/token.ts';
import type { CallReport, CallReportType } from '#domain/report/call-reports.ts';
import { type EpochMs, iso, SECOND_MS } from '#domain/time.ts';
import type { PhoneOutcome, PhoneOutcomes, RemovedDevice, Report } from '#ports/report.ts';
import { callInEvent, callView } from '../views.ts';
import type { record, reportEvents } from './events.ts';

type Event<Type extends keyof typeof reportEvents> = z.infer<(typeof reportEvents)[Type]>;

/** An event for the app's backend as it is sent: the detail on the bus, the body of a webhook. */
export type ReportEvent = { [Type in keyof typeof reportEvents]: Event<Type> }[keyof typeof reportEvents];

/** The namespace of the ids: what is reported twice has the same id. */
const NAMESPACE = 'f0d2b9d6-6c39-4f0f-8d0a-6f6c5f0c8a4e';

const idOf = (...parts: readonly (string | number)[]): string => `evt_${uuidV5(JSON.stringify(parts), NAMESPACE)}`;

/** The most bytes that the phones of all callees take: with the rest of the event they stay below EventBridge's 256 KB. */
const MAX_PHONES_BYTES = 160 * 1024;

/** What the app's backend gets of a report. */
export function encodeReport(report: Report): ReportEvent {
  switch (report.type) {
    case 'device.registered': {
      const { pushToken: of } = report;
      return {
        ...headOf(report.type, of.createdAt, [of.userId, of.key]),
        ...deviceOf({ ...of, device: lastOf(of) }),
        ...defined({ app_version: of.appVersion }),
      } satisfies Event<'device.registered'>;
    }
    case 'device.removed': {
      const { device: of } = report;
      return {
        ...headOf(report.type, of.removedAt, [of.userId, of.key]),
        ...deviceOf(of),
        reason: of.reason,
      } satisfies Event<'device.removed'>;
    }
    case 'push.provider_failing': {
      const { provider, name, reason, since } = report.fault;
      return {
        ...headOf(report.type, since, [provider, name]),
        provider,
        provider_name: name,
        reason,
      } satisfies Event<'push.provider_failing'>;
    }
    case 'call.created':
      return onCall(report, report.type) satisfies Event<'call.created'>;
    case 'call.ring': {
      const { call, at, about = '', callees = [] } = report;
      const { ringId = '', ringExpiresAt = at } = memberOf(call, about) ?? {};
      return {
        ...onCall(report, report.type),
        ring_id: ringId,
        expires_at: iso(ringExpiresAt),
        video: call.video,
        callees,
      } satisfies Event<'call.ring'>;
    }
    case 'call.accepted':
      return {
        ...onCall(report, report.type),
        answered_by: { user_id: report.about ?? '' },
      } satisfies Event<'call.accepted'>;
    case 'call.rejected': {
      const { about: user_id = '', reason = '' } = report;
      return { ...onCall(report, report.type), user_id, reason } satisfies Event<'call.rejected'>;
    }
    case 'call.cancelled':
      return { ...onCall(report, report.type), ...replacedOf(report) } satisfies Event<'call.cancelled'>;
    case 'call.missed':
      return { ...onCall(report, report.type), callees: report.callees ?? [] } satisfies Event<'call.missed'>;
    case 'call.member_added':
    case 'call.member_left':
      return { ...onCall(report, report.type), user_id: report.about ?? '' };
    case 'call.ended':
      return {
        ...onCall(report, report.type),
        reason: report.call.endedReason ?? 'failed',
        ...replacedOf(report),
        record: recordOf(report.call, 'phones' in report ? report.phones : new Map()),
      } satisfies Event<'call.ended'>;
  }
}

const headOf = <Type extends string>(type: Type, at: EpochMs, about: readonly string[]) => ({
  id: idOf(type, at, ...about),
  type,
  // What is no call has no count of its changes: the moment orders them as well.
  version: at,
  created_at: iso(at),
});

const onCall = <Type extends CallReportType>({ call, at, by, about = '', changed }: CallReport, type: Type) => {
  const { type: call_type, id: call_id } = splitCid(call.cid);
  const {
    call: { custom: _, ...shown },
    ...rest
  } = callInEvent(call, 'server', changed);
  return {
    // A cid may be used again once its call is no longer kept: the moment of its creation tells them apart.
    id: idOf(type, call.cid, call.createdAt, call.version, about),
    type,
    created_at: iso(at),
    call_cid: call.cid,
    call_id,
    call_type,
    ...defined({ user: by }),
    call: shown,
    ...rest,
  };
};

const replacedOf = ({ reason }: CallReport): { readonly reason?: typeof REPLACED } =>
  reason === REPLACED ? { reason: REPLACED } : {};

const deviceOf = (of: Omit<RemovedDevice, 'key' | 'reason' | 'removedAt' | 'refreshedAt'>) => ({
  user_id: of.userId,
  provider: of.provider,
  provider_name: of.providerName,
  device: of.device,
  voip_token: of.voip,
  sandbox: of.sandbox,
  ...defined({ hardware_id: of.hardwareId }),
});

/** What became of a call that is over. */
function recordOf(call: Call, phones: PhoneOutcomes): z.infer<typeof record> {
  const { created_by, created_at, ring_started_at, accepted_at, ended_at, ended_by, ended_reason } = callView(call);
  const { acceptedAt, endedAt } = call;
  const talkMs = acceptedAt === undefined || endedAt === undefined ? 0 : Math.max(0, endedAt - acceptedAt);
  return {
    created_by,
    created_at,
    ...defined({ ring_started_at, accepted_at, ended_at, ended_by, ended_reason }),
    talk_s: Math.round(talkMs / SECOND_MS),
    callees: calleesOf(call, phones),
  };
}

/** The callees, with as many of their phones as there is room for. */
function calleesOf(call: Call, phones: PhoneOutcomes): z.infer<typeof record>['callees'] {
  let left = MAX_PHONES_BYTES;
  const fits = (phone: PhoneOutcome): boolean => {
    left -= Buffer.byteLength(JSON.stringify(phone)) + 1;
    return left >= 0;
  };
  return calledMembers(call).map(({ userId, state }) => ({
    user_id: userId,
    state,
    phones: (phones.get(userId) ?? []).filter(fits),
  }));
}

import { type Call, memberOf, ringerOf } from '#domain/call/call.ts';
import { asOf } from '#domain/call/expire.ts';
import { isHeardRinging } from '#domain/call/unheard.ts';
import { ServiceError } from '#domain/errors.ts';
import { asPerson, handsetOf, type UserPrincipal } from '#domain/identity.ts';
import type { TraceStore } from '#ports/trace.ts';
import { type SendToUserDeps, sendToUser } from '../connections/send-to-user.ts';
import { type LoadCallDeps, loadCall } from './load-call.ts';

export interface ReportRingingDeps extends LoadCallDeps, SendToUserDeps {
  readonly traces: TraceStore;
}

export interface ReportRinging {
  readonly cid: string;
  readonly user: UserPrincipal;
  /** The handset that a request names, if its token does not. */
  readonly hardwareId?: string | undefined;
}

/** A handset says that it really rings: the caller hears of each handset once a ring. */
export const reportRinging = (deps: ReportRingingDeps) => {
  const load = loadCall(deps);
  const send = sendToUser(deps);
  return async ({ cid, user, hardwareId: named }: ReportRinging): Promise<Call> => {
    const { traces, clock } = deps;
    const { userId } = user;
    const at = clock();
    const call = asOf(await load(cid, user, 'ringing'), at);
    if (call.status === 'ended') throw new ServiceError('call_ended', 'the call has ended', { call });
    const member = memberOf(call, userId);
    if (!member || !isHeardRinging(member, at))
      throw new ServiceError('not_ringing', 'the call does not ring for this user');
    const { ringId = '' } = member;
    if (user.ringId !== undefined && user.ringId !== ringId) throw new ServiceError('not_ringing', 'this ring is over');
    const { hardwareId, tokenFingerprint } = handsetOf(user, named);
    const receipt = `ringing ${userId} ${ringId} ${hardwareId ?? tokenFingerprint}`;
    const details = { ring_id: ringId, ...(hardwareId !== undefined && { hardware_id: hardwareId }) };
    // Written first, since a phone may say so over its socket and by REST at the same moment.
    if (await traces.writeOnce(cid, receipt, { at, event: 'device.ringing', userId, details })) {
      const by = asPerson(user);
      await send({ userId: ringerOf(call, member).id, call, events: [{ type: 'call.ringing', at, cid, by }] });
    }
    return call;
  };
};

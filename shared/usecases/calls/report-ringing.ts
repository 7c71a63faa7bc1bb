import { mayAct } from '#domain/call/access.ts';
import { type Call, isRinging, memberOf } from '#domain/call/call.ts';
import { ServiceError } from '#domain/errors.ts';
import { handsetOf, type UserPrincipal } from '#domain/identity.ts';
import type { TraceStore } from '#ports/trace.ts';
import { actor, ringingFrame } from '#wire/socket/native/encode.ts';
import { type SendDeps, sendToUser } from '../connections/send-to-user.ts';
import type { WatchDeps } from '../connections/watch-for-return.ts';
import { type ReadCallDeps, readCall } from './read-call.ts';

export interface ReportRingingDeps extends ReadCallDeps, SendDeps, WatchDeps {
  readonly traces: TraceStore;
}

/** A device says that it really rings: the caller hears of each handset once a ring. */
export const reportRinging = (deps: ReportRingingDeps) => {
  const read = readCall(deps);
  const tell = sendToUser(deps);
  return async (cid: string, user: UserPrincipal, named?: string): Promise<Call> => {
    const { traces, clock } = deps;
    const call = await read(cid, user);
    const member = memberOf(call, user.userId);
    if (!member) throw new ServiceError('not_a_member', `you are not a member of ${cid}`);
    if (!mayAct(user, 'ringing', call)) throw new ServiceError('not_allowed', 'this token does not allow that');
    if (call.status === 'ended') throw new ServiceError('call_ended', 'the call has ended', { call });
    if (!isRinging(member, clock())) throw new ServiceError('not_ringing', 'the call does not ring for this user');
    const { ringId = '' } = member;
    const { userId } = user;
    const { hardwareId, tokenFingerprint } = handsetOf(user, named);
    const receipt = `ringing ${userId} ${ringId} ${hardwareId ?? tokenFingerprint}`;
    const at = clock();
    const details = { ring_id: ringId, ...(hardwareId !== undefined && { hardware_id: hardwareId }) };
    // First, since a phone may say so over its socket and by REST at the same moment.
    if (await traces.writeOnce(cid, receipt, { at, event: 'device.ringing', userId, details })) {
      await tell(call.createdBy.id, call, [ringingFrame(cid, at, actor(userId, user.name))]);
    }
    return call;
  };
};

import { mayAct } from '#domain/access.ts';
import { type Call, isRinging, memberOf } from '#domain/call.ts';
import { handsetOf, type User } from '#domain/caller.ts';
import { ServiceError } from '#domain/errors.ts';
import type { PushLog } from '#ports/push-log.ts';
import type { TraceStore } from '#ports/trace.ts';
import { actor, ringingFrame } from '#wire/events.ts';
import { type ReadCallDeps, readCall } from './read-call.ts';
import { type TellDeps, tellUser } from './tell.ts';
import type { WatchDeps } from './watch-for-return.ts';

export interface ReportRingingDeps extends ReadCallDeps, TellDeps, WatchDeps {
  readonly traces: TraceStore;
  readonly pushLog: Pick<PushLog, 'hasReceipt' | 'addReceipt'>;
}

/** A device says that it really rings: the caller hears of each handset once a ring. */
export const reportRinging = (deps: ReportRingingDeps) => {
  const read = readCall(deps);
  const tell = tellUser(deps);
  return async (cid: string, user: User, named?: string): Promise<Call> => {
    const { traces, pushLog, clock } = deps;
    const call = await read(cid, user);
    const member = memberOf(call, user.userId);
    if (!member) throw new ServiceError('not_a_member', `you are not a member of ${cid}`);
    if (!mayAct(user, 'ringing', call)) throw new ServiceError('not_allowed', 'this token does not allow that');
    if (call.status === 'ended') throw new ServiceError('call_ended', 'the call has ended', { call });
    if (!isRinging(member, clock())) throw new ServiceError('not_ringing', 'the call does not ring for this user');
    const { ringId = '' } = member;
    const { userId } = user;
    const ring = { cid, userId, ringId };
    const { hardwareId, bearer } = handsetOf(user, named);
    const handset = hardwareId ?? bearer;
    if (await pushLog.hasReceipt(ring, handset)) return call;
    const details = { ring_id: ringId, ...(hardwareId !== undefined && { hardware_id: hardwareId }) };
    await Promise.all([
      tell(call.createdBy.id, call, [ringingFrame(cid, clock(), actor(userId, user.name))]),
      traces.write(cid, [{ at: clock(), event: 'device.ringing', userId, details }]),
    ]);
    // Last, so that a crash before it lets the caller hear twice rather than never.
    await pushLog.addReceipt(ring, handset);
    return call;
  };
};

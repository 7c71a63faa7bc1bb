import { type Call, isIn, memberOf } from '#domain/call/call.ts';
import { asOf } from '#domain/call/expire.ts';
import { ServiceError } from '#domain/errors.ts';
import { handsetOf, type UserPrincipal } from '#domain/identity.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { Mailbox } from '#ports/mailbox.ts';
import type { Connection, PresenceStore } from '#ports/presence-store.ts';
import { keptSignals } from '../connections/kept-signals.ts';
import { openOnHandset } from '../connections/open-on-handset.ts';
import { type SendToUserDeps, sendToConnection } from '../connections/send-to-user.ts';
import { contended, MAX_TRIES } from './contended.ts';
import { type LoadCallDeps, loadCall } from './load-call.ts';

export interface ResumeCallDeps extends LoadCallDeps, SendToUserDeps {
  readonly calls: CallStore;
  readonly presence: PresenceStore;
  readonly mailbox: Mailbox;
}

export interface ResumeCall {
  readonly cid: string;
  readonly user: UserPrincipal & { readonly connectionId: string };
}

/**
 * Goes on with a call on this connection: its user takes part in it by this handset, whose app was started anew, or by one
 * that has gone. Signals that were kept meanwhile are sent to it.
 */
export const resumeCall = (deps: ResumeCallDeps) => {
  const load = loadCall(deps);
  const signals = keptSignals(deps);
  const send = sendToConnection(deps);
  const open = openOnHandset(deps);

  const takeOver = async (
    call: Call,
    user: ResumeCall['user'],
    connections: readonly Connection[],
  ): Promise<boolean> => {
    const member = memberOf(call, user.userId);
    if (call.status === 'ended') throw new ServiceError('call_ended', 'the call has ended', { call });
    if (!member || !isIn(member)) throw new ServiceError('not_ringing', 'you are not in this call');
    const to = handsetOf(user);
    const from = member.handset;
    const isSame = from?.hardwareId !== undefined && from.hardwareId === to.hardwareId;
    if (from && !isSame && from.connectionId !== user.connectionId) {
      const others = connections.filter(({ id }) => id !== user.connectionId);
      if ((await open(call, member, others)).length > 0)
        throw new ServiceError('already_answered', 'another handset of this user is in the call and connected');
    }
    return deps.calls.moveHandset({ cid: call.cid, userId: user.userId, from, to });
  };

  return async ({ cid, user }: ResumeCall): Promise<Call> => {
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const [stored, connections] = await Promise.all([
        load(cid, user, 'resume'),
        deps.presence.connections(user.userId),
      ]);
      const call = asOf(stored, deps.clock());
      if (!(await takeOver(call, user, connections))) continue;
      const own = connections.find(({ id }) => id === user.connectionId);
      if (own) await send(own, cid, await signals(call, user.userId));
      return call;
    }
    throw contended(cid);
  };
};

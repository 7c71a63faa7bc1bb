import { assertInScope, authorize } from '#domain/call/access.ts';
import { memberOf } from '#domain/call/call.ts';
import { asOf } from '#domain/call/expire.ts';
import { ServiceError } from '#domain/errors.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import type { CallStore } from '#ports/call-store.ts';
import { type AwaitCallDeps, awaitCall } from './await-call.ts';
import { type DeliverSignalDeps, deliverSignal, type OutgoingSignal, takesPart } from './deliver-signal.ts';

export interface RelaySignalDeps extends DeliverSignalDeps, AwaitCallDeps {
  readonly calls: CallStore;
}

export interface RelaySignal extends Omit<OutgoingSignal, 'call' | 'from'> {
  readonly cid: string;
  readonly user: UserPrincipal;
}

/** Relays SDP or candidates of a user to other members of the call. */
export const relaySignal = (deps: RelaySignalDeps) => {
  const deliver = deliverSignal(deps);
  const appears = awaitCall(deps);
  return async ({ cid, user, ...signal }: RelaySignal): Promise<void> => {
    assertInScope(user, cid);
    // Signals may overtake the ring that they follow.
    const stored = (await deps.calls.find(cid)) ?? (await appears(cid));
    if (!stored) throw new ServiceError('not_found', `there is no call ${cid}`);
    const call = asOf(stored, deps.clock());
    authorize(user, 'signal', call);
    if (call.status === 'ended') throw new ServiceError('call_ended', 'the call has ended', { call });
    const sender = memberOf(call, user.userId);
    if (call.status === 'created' || !sender || !takesPart(sender))
      throw new ServiceError('not_ringing', 'you are not in this call');
    await deliver({ ...signal, call, from: user });
  };
};

import { memberOf } from '#domain/call/call.ts';
import { asOf } from '#domain/call/expire.ts';
import { ServiceError } from '#domain/errors.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import { type DeliverSignalDeps, deliverSignal, type OutgoingSignal, takesPart } from '../signalling/deliver-signal.ts';
import { expectedConnections } from '../signalling/expected-connections.ts';
import { type AwaitCallDeps, awaitCall } from './await-call.ts';
import { type LoadCallDeps, loadCall } from './load-call.ts';

export interface RelaySignalDeps extends LoadCallDeps, AwaitCallDeps, DeliverSignalDeps {}

export interface RelaySignal extends Omit<OutgoingSignal, 'call' | 'from' | 'reads'> {
  readonly cid: string;
  readonly user: UserPrincipal;
}

/** Relays SDP or candidates of a user to other members of the call. */
export const relaySignal = (deps: RelaySignalDeps) => {
  // Signals may overtake the ring that they follow.
  const load = loadCall(deps, awaitCall(deps));
  const deliver = deliverSignal(deps);
  const expected = expectedConnections(deps);
  return async ({ cid, user, ...signal }: RelaySignal): Promise<void> => {
    const reads = expected.read(cid, user.userId);
    const call = asOf(await load(cid, user, 'signal'), deps.clock());
    if (call.status === 'ended') throw new ServiceError('call_ended', 'the call has ended', { call });
    const sender = memberOf(call, user.userId);
    if (call.status === 'created' || !sender || !takesPart(sender))
      throw new ServiceError('not_ringing', 'you are not in this call');
    expected.remember(cid, user.userId, await deliver({ ...signal, call, from: user, reads }));
  };
};

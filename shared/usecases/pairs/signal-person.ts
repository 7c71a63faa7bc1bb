import type { Sides } from '#domain/call/sides.ts';
import { ServiceError } from '#domain/errors.ts';
import { later, SECOND_MS } from '#domain/time.ts';
import { type RelaySignalDeps, relaySignal } from '../calls/relay-signal.ts';
import { takesPart } from '../signalling/deliver-signal.ts';
import { type ConnectedUser, isLive, type PairCallsDeps, pairCalls } from './pair-calls.ts';

export interface SignalPersonDeps extends RelaySignalDeps, PairCallsDeps {}

export interface SignalPerson {
  readonly user: ConnectedUser;
  readonly to: string;
  /** A candidate, as it is passed on. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** The function that makes the call may have to start first. */
const PATIENCE_MS = 4 * SECOND_MS;
const LOOK_AGAIN_MS = 100;

/** Relays a candidate to somebody whom the user is in a call with, or is about to be: it may overtake its ring. */
export const signalPerson = (deps: SignalPersonDeps) => {
  const found = pairCalls(deps);
  const relay = relaySignal(deps);

  const callWith = async (user: ConnectedUser, to: string): Promise<Sides | undefined> => {
    const until = later(deps.clock(), PATIENCE_MS);
    for (;;) {
      const pairs = await found(user);
      const live = pairs.find(
        ({ call, member, other }) => other.userId === to && isLive(call) && takesPart(member) && takesPart(other),
      );
      if (live || deps.clock() >= until) return live;
      await deps.wait(LOOK_AGAIN_MS);
    }
  };

  return async ({ user, to, body }: SignalPerson): Promise<void> => {
    const sides = await callWith(user, to);
    if (!sides) throw new ServiceError('not_ringing', `you are not in a call with ${to}`);
    await relay({ cid: sides.call.cid, user, type: 'ice.candidate', body, target: to });
  };
};

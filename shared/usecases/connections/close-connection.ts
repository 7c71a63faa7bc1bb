import { keepsBusy } from '#domain/call/call.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import { later } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';
import { cidsOf, type PresenceStore } from '#ports/presence-store.ts';
import { type VanishTimerDeps, watchForReturn } from '../timers/timers.ts';

export interface CloseConnectionDeps extends VanishTimerDeps {
  readonly presence: PresenceStore;
  readonly calls: CallStore;
  /** How long a call lasts at most: older ones are over. */
  readonly maxDurationMs: number;
}

/** Nobody is in more calls than that at a time. */
const MAX_CALLS = 20;

/** Forgets a connection. Whoever was in a call over it has a while to come back. */
export const closeConnection =
  (deps: CloseConnectionDeps) =>
  async ({ userId, connectionId, cid: scope }: UserPrincipal & { readonly connectionId: string }): Promise<void> => {
    const { presence, calls, maxDurationMs } = deps;
    const now = deps.clock();
    const [pending] = await Promise.all([
      presence.pending(userId, later(now, -maxDurationMs)),
      presence.removeConnection(userId, connectionId),
    ]);
    const cids = scope === undefined ? cidsOf(pending, MAX_CALLS) : [scope];
    const live = (await calls.findAll(cids)).filter((call) => keepsBusy(call, userId, now));
    await watchForReturn(
      deps,
      live.map(({ cid }) => cid),
      userId,
    );
  };

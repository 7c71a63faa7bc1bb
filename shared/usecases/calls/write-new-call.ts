import { setImmediate as yieldToIo } from 'node:timers/promises';
import { userIdsOf } from '#domain/call/call.ts';
import type { Change } from '#domain/call/change.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { HistoryStore } from '#ports/history-store.ts';
import type { Signal } from '#ports/mailbox.ts';
import { type AnnounceDeps, announce } from './announce.ts';
import type { CallOutcome } from './new-call.ts';

export interface WriteNewCallDeps extends AnnounceDeps {
  readonly calls: CallStore;
  readonly history: HistoryStore;
}

/** Writes a call and announces it. If its cid is taken, nothing is written and the call that has it comes back. */
export const writeNewCall = (deps: WriteNewCallDeps) => {
  const tell = announce(deps);
  return async (change: Change, by: UserPrincipal, offer?: Signal): Promise<CallOutcome> => {
    const call = change.to;
    const written = await deps.calls.create(call);
    if (written.kind === 'exists') return { kind: 'found', call: written.call };
    await Promise.all([
      tell({ change, call, by, offer }),
      // The ring goes first.
      yieldToIo().then(() => deps.history.add(call, userIdsOf(call))),
    ]);
    return { kind: 'created', call };
  };
};

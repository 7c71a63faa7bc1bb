import type { Call } from '#domain/call/call.ts';
import { expire } from '#domain/call/expire.ts';
import type { CallStore } from '#ports/call-store.ts';
import { type AnnounceDeps, announce } from './announce.ts';
import { contended, MAX_TRIES } from './contended.ts';

export interface ExpireRingsDeps extends AnnounceDeps {
  readonly calls: CallStore;
}

/** Writes and announces what time has made of a call, and returns the call as it is then. */
export const expireRings = (deps: ExpireRingsDeps) => {
  const tell = announce(deps);
  return async (call: Call): Promise<Call | undefined> => {
    let current: Call | undefined = call;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const change: ReturnType<typeof expire> = current && expire(current, deps.clock());
      if (!current || !change) return current;
      const written = await deps.calls.apply(change);
      if (written.kind === 'saved') await tell({ change, call: written.call });
      current = written.call;
    }
    throw contended(call.cid);
  };
};

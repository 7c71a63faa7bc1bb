import type { Call } from '#domain/call/call.ts';
import { expire } from '#domain/call/expire.ts';
import type { CallStore } from '#ports/call-store.ts';
import { type AnnounceDeps, announce } from './announce.ts';
import { contended, MAX_TRIES } from './contended.ts';

export interface ExpireRingsDeps extends AnnounceDeps {
  readonly calls: CallStore;
}

/** The call as it is then. `isAnnounced`: what was due has been written here and by nobody else, and everybody has heard. */
export interface Expired {
  readonly call: Call | undefined;
  readonly isAnnounced: boolean;
}

/** Writes and announces what time has made of a call. */
export const writeExpired = (deps: ExpireRingsDeps) => {
  const tell = announce(deps);
  return async (call: Call): Promise<Expired> => {
    let current: Call | undefined = call;
    let [isWritten, isContested] = [false, false];
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const change: ReturnType<typeof expire> = current && expire(current, deps.clock());
      if (!current || !change) return { call: current, isAnnounced: isWritten && !isContested };
      const written = await deps.calls.apply(change);
      if (written.kind === 'saved') await tell({ change, call: written.call });
      if (written.kind === 'saved') isWritten = true;
      else isContested = true;
      current = written.call;
    }
    throw contended(call.cid);
  };
};

/** Writes and announces what time has made of a call, and returns the call as it is then. */
export const expireRings = (deps: ExpireRingsDeps) => {
  const write = writeExpired(deps);
  return async (call: Call): Promise<Call | undefined> => (await write(call)).call;
};

import type { Call } from '#domain/call/call.ts';
import { expire } from '#domain/call/expire.ts';
import { replayOf } from '#domain/call/replay.ts';
import { ServiceError } from '#domain/errors.ts';
import { type AnnounceDeps, announce } from './announce.ts';

export type ExpireRingsDeps = AnnounceDeps;

/** Every lost race means that somebody else moved on: this many in a row is not contention but a fault. */
export const MAX_TRIES = 20;

/** That somebody lost that many races in a row. */
export const contended = (cid: string): ServiceError =>
  new ServiceError('contended', `${cid} changes too fast: try again`);

/** Writes and announces what time has made of a call, and brings the call as it is then. */
export const expireRings = (deps: ExpireRingsDeps) => {
  const tell = announce(deps);
  return async (call: Call | undefined): Promise<Call | undefined> => {
    let current = call;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const change = current && expire(current, deps.clock());
      if (!current || !change) return current;
      const written = await deps.calls.apply(change);
      if (written.kind === 'saved') await tell({ change, call: written.call });
      current = written.call;
    }
    throw contended(current?.cid ?? '');
  };
};

/**
 * Says once more what became of `about` not long ago, by events, stops and notices: whoever wrote it may have crashed
 * before. To clients it is the same event twice; of stops and notices their record lets one through.
 */
export const replay =
  (deps: AnnounceDeps) =>
  async (call: Call, about: readonly string[]): Promise<void> => {
    if (about.length === 0) return;
    await announce(deps)({ change: replayOf(call, about, deps.clock()), call });
  };

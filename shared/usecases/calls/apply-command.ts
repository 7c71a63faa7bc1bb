import type { Call } from '#domain/call/call.ts';
import type { Change } from '#domain/call/change.ts';
import { type CallCommand, decide } from '#domain/call/decide.ts';
import { type ErrorCode, ServiceError } from '#domain/errors.ts';
import type { EpochMs } from '#domain/time.ts';
import type { CallStore } from '#ports/call-store.ts';
import { contended, MAX_TRIES } from './contended.ts';
import { type ExpireRingsDeps, expireRings } from './expire-rings.ts';

export interface ApplyCommandDeps extends ExpireRingsDeps {
  readonly calls: CallStore;
}

/** What a command came to: a change that is written, or nothing, since the call was so already. */
export type Applied =
  | { readonly kind: 'changed'; readonly change: Change; readonly call: Call }
  | { readonly kind: 'unchanged'; readonly call: Call };

/**
 * Decides a command on the call and writes the change. If somebody else changed the call meanwhile, it decides again on
 * the call as it is then. What time has made of the call comes first. Announces nothing but that.
 */
export const applyCommand = (deps: ApplyCommandDeps) => {
  const expired = expireRings(deps);
  return async (call: Call, command: CallCommand): Promise<Applied> => {
    let current: Call | undefined = call;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      current = current && (await expired(current));
      if (!current) throw new ServiceError('not_found', `there is no call ${call.cid}`);
      const change = changeFor(current, command, deps.clock());
      if (!change) return { kind: 'unchanged', call: current };
      const written = await deps.calls.apply(change);
      if (written.kind === 'saved') return { kind: 'changed', change, call: written.call };
      current = written.call;
    }
    throw contended(call.cid);
  };
};

/** Refusals that show the call as it stands. */
const SHOWS_CALL: ReadonlySet<ErrorCode> = new Set(['call_ended', 'glare']);

/** The change that a command comes down to; none if the call is so already. */
function changeFor(call: Call, command: CallCommand, now: EpochMs): Change | undefined {
  const decision = decide(call, command, now);
  switch (decision.kind) {
    case 'refused':
      throw new ServiceError(decision.code, decision.why, SHOWS_CALL.has(decision.code) ? { call } : {});
    case 'unchanged':
      return undefined;
    case 'changed':
      return decision.change;
  }
}

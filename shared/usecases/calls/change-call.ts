import { assertInScope, type CallAction, mayAct } from '#domain/call/access.ts';
import type { Call } from '#domain/call/call.ts';
import type { Change } from '#domain/call/change.ts';
import { type CallCommand, decide } from '#domain/call/decide.ts';
import { movedBy } from '#domain/call/replay.ts';
import { ServiceError } from '#domain/errors.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import type { Signal } from '#ports/mailbox.ts';
import type { TraceEvent } from '#ports/trace.ts';
import { announce } from './announce.ts';
import { contended, type ExpireRingsDeps, expireRings, MAX_TRIES, replay } from './expire-rings.ts';

export type ChangeCallDeps = ExpireRingsDeps;

/** What somebody wants of a call. */
export interface Request {
  readonly cid: string;
  readonly user: UserPrincipal;
  readonly action: CallAction;
  /** Makes the command; anew each time that the call turns out to have changed meanwhile. */
  readonly command: (call: Call) => CallCommand | Promise<CallCommand>;
  /**
   * What to do where it is so already: an earlier try of the same request may have written it and then crashed.
   * @default what became of the user, and of those whom the end of the call silenced, is said again
   */
  readonly unchanged?: (call: Call) => Promise<void>;
  /** What else there is to do once it is written, side by side with its announcement. */
  readonly beside?: (call: Call) => Promise<void>;
  /** What came with the ring, for those whom the command rings. */
  readonly offer?: Signal | undefined;
  /** Whether a timer asks on the user's behalf. @default false */
  readonly byTimer?: boolean;
  /** What led to it, for the trace. */
  readonly trace?: readonly TraceEvent[];
}

/** Decides a command on the call as it is, writes it and announces it; what time has made of the call comes first. */
export const changeCall = (deps: ChangeCallDeps) => {
  const tell = announce(deps);
  const current = expireRings(deps);
  const again = replay(deps);
  return async ({ offer, byTimer = false, trace = [], ...request }: Request): Promise<Call> => {
    assertInScope(request.user, request.cid);
    let call = await current(await deps.calls.find(request.cid));
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      if (!call) throw new ServiceError('not_found', `there is no call ${request.cid}`);
      const change = await decided(deps, call, request);
      if (!change) {
        await (request.unchanged?.(call) ?? again(call, movedBy(call, request.user.userId)));
        return call;
      }
      const written = await deps.calls.apply(change);
      if (written.kind === 'saved') {
        const news = { change, call: written.call, ...(!byTimer && { by: request.user }), offer, trace };
        await Promise.all([tell(news), request.beside?.(written.call)]);
        return (await current(written.call)) ?? written.call;
      }
      call = await current(written.call);
    }
    throw contended(request.cid);
  };
};

/** The change that the request comes down to; none where it is so already. */
async function decided(
  { clock }: ChangeCallDeps,
  call: Call,
  { user, action, command }: Request,
): Promise<Change | undefined> {
  if (!mayAct(user, action, call)) throw new ServiceError('not_allowed', 'this token does not allow that');
  const decision = decide(call, await command(call), clock());
  switch (decision.kind) {
    case 'refused':
      throw new ServiceError(decision.code, decision.why, decision.code === 'call_ended' ? { call } : {});
    case 'unchanged':
      return undefined;
    case 'changed':
      return decision.change;
  }
}

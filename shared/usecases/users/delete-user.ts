import { type Call, keepsBusy } from '#domain/call/call.ts';
import { ServiceError } from '#domain/errors.ts';
import { later } from '#domain/time.ts';
import type { EraseJob, Queue } from '#ports/queues.ts';
import type { SignOutStore } from '#ports/sign-out-store.ts';
import type { AnnounceDeps } from '../calls/announce.ts';
import { announceOutcome } from '../calls/announce-outcome.ts';
import { type ApplyCommandDeps, applyCommand } from '../calls/apply-command.ts';
import { type ForgetReachDeps, forgetReach } from './forget-reach.ts';
import { type RefuseTokensDeps, refuseTokens } from './sign-out.ts';

export interface DeleteUserDeps extends RefuseTokensDeps {
  readonly erasures: Queue<EraseJob>;
}

/** Has a user deleted. Their tokens are refused from now on; the rest follows within seconds. */
export const deleteUser =
  (deps: DeleteUserDeps) =>
  async (userId: string): Promise<void> => {
    const { at, settled } = await refuseTokens(deps, userId);
    await deps.erasures.send([{ type: 'erase', userId, at }]);
    await settled();
  };

export interface EraseUserDeps extends ForgetReachDeps, ApplyCommandDeps, AnnounceDeps {
  readonly peers: ForgetReachDeps['peers'];
  readonly signOuts: SignOutStore;
}

/** Takes a user out of their live calls and deletes all that is kept of them, but for what calls of others say. */
export const eraseUser = (deps: EraseUserDeps) => {
  const leave = leaveCalls(deps);
  const forget = forgetReach(deps);
  return async ({ userId, at }: EraseJob): Promise<void> => {
    // While they still ring: devices that are forgotten during a ring get their stop, and afterwards nobody knows them.
    await forget(userId, at);
    await leave(userId);
    await deps.signOuts.erase(userId);
  };
};

/** Takes a user out of every call that they are in or that rings for them. */
const leaveCalls = (deps: EraseUserDeps) => {
  const apply = applyCommand(deps);
  const tell = announceOutcome(deps);
  const leave = async (call: Call, userId: string): Promise<void> => {
    try {
      await tell(await apply(call, { type: 'leave', by: userId }), userId);
    } catch (error) {
      // The call has moved on without them.
      if (!(error instanceof ServiceError) || error.code === 'contended') throw error;
    }
  };
  return async (userId: string): Promise<void> => {
    const now = deps.clock();
    const { recentCids, busyLock } = await deps.presence.pending(userId, later(now, -deps.maxDurationMs));
    const calls = await deps.calls.findAll([...new Set([...recentCids, ...(busyLock ? [busyLock.cid] : [])])]);
    await Promise.all(calls.filter((call) => keepsBusy(call, userId, now)).map((call) => leave(call, userId)));
  };
};

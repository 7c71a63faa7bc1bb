import { keepsBusy } from '#domain/call/call.ts';
import { later } from '#domain/time.ts';
import { cidsOf } from '#ports/presence-store.ts';
import type { EraseJob, Queue } from '#ports/queues.ts';
import type { SignOutStore } from '#ports/sign-out-store.ts';
import type { AnnounceDeps } from '../calls/announce.ts';
import type { ApplyCommandDeps } from '../calls/apply-command.ts';
import { leaveCall } from '../calls/leave-call.ts';
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
  const leave = leaveCall(deps);
  return async (userId: string): Promise<void> => {
    const now = deps.clock();
    const pending = await deps.presence.pending(userId, later(now, -deps.maxDurationMs));
    const calls = await deps.calls.findAll(cidsOf(pending));
    await Promise.all(calls.filter((call) => keepsBusy(call, userId, now)).map((call) => leave(call, userId)));
  };
};

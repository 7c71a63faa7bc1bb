import { type Call, callTokenExpiry } from '#domain/call/call.ts';
import { handsetOf, type UserPrincipal } from '#domain/identity.ts';
import type { BusyLockStore } from '#ports/busy-lock-store.ts';
import type { TokenMint } from '#ports/tokens.ts';
import { type DeliverSignalDeps, deliverSignal } from '../signalling/deliver-signal.ts';
import { type AnswerTimerDeps, watchForConnection } from '../timers/timers.ts';
import { type AnnounceDeps, announce } from './announce.ts';
import { type Applied, type ApplyCommandDeps, applyCommand } from './apply-command.ts';
import { type LoadCallDeps, loadCall } from './load-call.ts';
import { replay } from './replay.ts';

export interface AcceptCallDeps
  extends LoadCallDeps,
    ApplyCommandDeps,
    AnnounceDeps,
    DeliverSignalDeps,
    AnswerTimerDeps {
  readonly busyLocks: BusyLockStore;
  readonly mint: TokenMint;
}

export interface AcceptCall {
  readonly cid: string;
  readonly user: UserPrincipal;
  /** The handset that a request names, if its token does not. */
  readonly hardwareId?: string | undefined;
  /** The ring that is meant. @default the member's current one */
  readonly ringId?: string | undefined;
  readonly answer?: { readonly sdp: string } | undefined;
}

/** Answers a call: of all handsets of a callee one wins. A woken phone gets a token for the rest of the call. */
export const acceptCall = (deps: AcceptCallDeps) => {
  const load = loadCall(deps);
  const apply = applyCommand(deps);
  const tell = announce(deps);
  const again = replay(deps);
  const deliver = deliverSignal(deps);

  /** A member who has answered is in this call, even if the try that wrote so crashed before it said so; another call keeps them. */
  const answerAgain = async (call: Call, userId: string): Promise<void> => {
    const lock = { cid: call.cid, claimedAt: deps.clock(), expiresAt: call.endsAt };
    await Promise.all([deps.busyLocks.claim(userId, lock), again(call, [userId])]);
  };

  const answered = (applied: Applied, user: UserPrincipal): Promise<void> =>
    applied.kind === 'changed' ? tell({ ...applied, by: user }) : answerAgain(applied.call, user.userId);

  return async ({ cid, user, hardwareId, answer }: AcceptCall): Promise<{ call: Call; callToken?: string }> => {
    const { userId } = user;
    const command = { type: 'accept' as const, by: userId, on: handsetOf(user, hardwareId) };
    const applied = await apply(await load(cid, user, 'accept'), command);
    const { call } = applied;
    const needsConnection = user.connectionId === undefined && deps.answerGraceMs > 0;
    await Promise.all([answered(applied, user), needsConnection && watchForConnection(deps, cid, userId)]);
    const [callToken] = await Promise.all([
      user.kind === 'wake' ? deps.mint.call({ ...user, cid }, callTokenExpiry(deps.clock())) : undefined,
      answer && deliver({ call, from: user, type: 'sdp.answer', body: { sdp: answer.sdp } }),
    ]);
    return { call, ...(callToken !== undefined && { callToken }) };
  };
};

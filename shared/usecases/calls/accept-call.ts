import type { Call } from '#domain/call/call.ts';
import { handsetOf, type UserPrincipal } from '#domain/identity.ts';
import { HOUR_MS, later } from '#domain/time.ts';
import type { TokenMint } from '#ports/tokens.ts';
import { type RelaySignalDeps, relaySignal } from '../signalling/relay-signal.ts';
import { type ChangeCallDeps, changeCall } from './change-call.ts';
import { replay } from './expire-rings.ts';

export interface AcceptCallDeps extends ChangeCallDeps, RelaySignalDeps {
  readonly mint: TokenMint;
  /** How long one who accepted may take to open a connection; 0: they need none. */
  readonly answerGraceMs: number;
}

export interface AcceptCall {
  readonly cid: string;
  readonly user: UserPrincipal;
  readonly hardwareId?: string;
  readonly answer?: { readonly sdp: string };
}

/** How long a call token is good. */
export const CALL_TOKEN_MS = 4 * HOUR_MS;

/** Answers a call: of all devices of a callee one wins. A woken phone gets a token for the rest of the call. */
export const acceptCall = (deps: AcceptCallDeps) => {
  const change = changeCall(deps);
  const relay = relaySignal(deps);
  return async ({ cid, user, hardwareId, answer }: AcceptCall): Promise<{ call: Call; callToken?: string }> => {
    const on = handsetOf(user, hardwareId);
    const call = await change({
      cid,
      user,
      action: 'accept',
      command: () => ({ type: 'accept', by: user.userId, on }),
      beside: (call) => awaitConnection(deps, call, user),
      unchanged: (call) => answerAgain(deps, call, user),
    });
    const [callToken] = await Promise.all([
      user.kind === 'wake' ? deps.mint.call({ ...user, cid }, later(deps.clock(), CALL_TOKEN_MS)) : undefined,
      // It has answered: what it sends now is a member's signal, whatever token it came with.
      answer &&
        relay({ cid, user: { ...user, kind: 'call', cid }, type: 'sdp.answer', body: { sdp: answer.sdp }, call }),
    ]);
    return { call, ...(callToken !== undefined && { callToken }) };
  };
};

/** Who has answered is in this call, also where the try that wrote so crashed before it said so; another call keeps them. */
async function answerAgain(deps: AcceptCallDeps, call: Call, user: UserPrincipal): Promise<void> {
  const { userId } = user;
  const busyLock = { cid: call.cid, claimedAt: deps.clock(), expiresAt: call.endsAt };
  await Promise.all([
    deps.busyLocks.claim(userId, busyLock),
    replay(deps)(call, [userId]),
    awaitConnection(deps, call, user),
  ]);
}

async function awaitConnection(
  { timers, clock, answerGraceMs }: AcceptCallDeps,
  { cid }: Call,
  user: UserPrincipal,
): Promise<void> {
  if (user.connectionId !== undefined || answerGraceMs === 0) return;
  const at = later(clock(), answerGraceMs);
  await timers.send([{ type: 'vanish', cid, userId: user.userId, at }], answerGraceMs);
}

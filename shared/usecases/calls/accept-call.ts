import {
  type Call,
  callTokenExpiry,
  type Handset,
  isHosted,
  isSameHandset,
  keepsBusy,
  memberOf,
} from '#domain/call/call.ts';
import { stopsOf } from '#domain/call/end-of-ring.ts';
import { ServiceError } from '#domain/errors.ts';
import { handsetOf, type UserPrincipal } from '#domain/identity.ts';
import type { BusyLockStore } from '#ports/busy-lock-store.ts';
import type { TokenMint } from '#ports/tokens.ts';
import { openOnHandset } from '../connections/open-on-handset.ts';
import { type DeliverSignalDeps, deliverSignal } from '../signalling/deliver-signal.ts';
import { type AnswerTimerDeps, watchForConnection } from '../timers/timers.ts';
import { type AnnounceDeps, announce, busyLockOn } from './announce.ts';
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
  readonly answer?: { readonly sdp: string } | undefined;
  /** The ring that is answered. @default the latest */
  readonly ringId?: string | undefined;
}

/** The call, as whoever answered it gets it. */
export interface AcceptedCall {
  readonly call: Call;
  /** Whether this request answered it, and no earlier one. */
  readonly isFirst: boolean;
  /** For the rest of the call, if the phone was woken and has no other token. */
  readonly callToken?: string;
}

/** Answers a call: of all handsets of a callee one wins. A woken phone gets a token for the rest of the call. */
export const acceptCall = (deps: AcceptCallDeps) => {
  const load = loadCall(deps);
  const apply = applyCommand(deps);
  const tell = announce(deps);
  const again = replay(deps);
  const deliver = deliverSignal(deps);

  /** Says again what the try that wrote the answer may have left unsaid. Unless another call keeps the member busy, this one does, as far as it keeps anybody. */
  const answerAgain = async (call: Call, userId: string): Promise<void> => {
    const now = deps.clock();
    await Promise.all([
      keepsBusy(call, userId, now)
        ? deps.busyLocks.claim({ userId }, busyLockOn(call, now))
        : deps.busyLocks.release({ userId }, call),
      again(call, [userId]),
    ]);
  };

  /** A call may end between an accept that crashed and its retry: what silences the other phones is still unsaid then. */
  const stopAgain = async (error: unknown, userId: string): Promise<void> => {
    if (!(error instanceof ServiceError) || error.code !== 'call_ended' || !error.call) return;
    const { call } = error;
    const stops = stopsOf(call, deps.clock()).filter((stop) => stop.userId === userId);
    await deps.ringJobs.send(stops.map((stop) => ({ type: 'stop', cid: call.cid, stop })));
  };

  /** Whether `on` takes the place of the handset that answered: it has no id either, and the connection of that one is gone. */
  const succeeds = async (call: Call, userId: string, on: Handset): Promise<boolean> => {
    const member = memberOf(call, userId);
    const { state, handset } = member ?? {};
    if (!member || state !== 'accepted' || !handset || isSameHandset(handset, on)) return false;
    if (handset.hardwareId !== undefined || on.hardwareId !== undefined || handset.connectionId === undefined)
      return false;
    const open = await openOnHandset(deps)(call, member, await deps.presence.connections(userId));
    if (open.some(({ id }) => id === handset.connectionId)) return false;
    return on.connectionId === undefined || open.some(({ id }) => id === on.connectionId);
  };

  const answered = (applied: Applied, user: UserPrincipal): Promise<void> =>
    applied.kind === 'changed' ? tell({ ...applied, by: user }) : answerAgain(applied.call, user.userId);

  return async ({ cid, user, hardwareId, answer, ringId }: AcceptCall): Promise<AcceptedCall> => {
    const { userId } = user;
    const found = await load(cid, user, 'accept');
    const on = handsetOf(user, hardwareId);
    const isSuccessor = await succeeds(found, userId, on);
    const command = { type: 'accept', by: userId, on, ringId, isSuccessor } as const;
    const applied = await apply(found, command).catch(async (error: unknown) => {
      await stopAgain(error, userId);
      throw error;
    });
    const { call } = applied;
    const needsConnection = !isHosted(call) && user.connectionId === undefined && deps.answerGraceMs > 0;
    await Promise.all([answered(applied, user), needsConnection && watchForConnection(deps, cid, userId)]);
    const [callToken] = await Promise.all([
      user.kind === 'wake' ? deps.mint.call({ ...user, cid }, callTokenExpiry(deps.clock())) : undefined,
      answer && deliver({ call, from: user, type: 'sdp.answer', body: { sdp: answer.sdp } }),
    ]);
    return { call, isFirst: applied.kind === 'changed', ...(callToken !== undefined && { callToken }) };
  };
};

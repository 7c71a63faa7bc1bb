import type { Call, Handset, RejectReason } from '#domain/call/call.ts';
import type { CallCommand } from '#domain/call/decide.ts';
import { handsetOf, type UserPrincipal } from '#domain/identity.ts';
import type { AnnounceDeps } from './announce.ts';
import { announceOutcome } from './announce-outcome.ts';
import { type ApplyCommandDeps, applyCommand } from './apply-command.ts';
import { type AwaitCallDeps, awaitCall } from './await-call.ts';
import { type LoadCallDeps, loadCall } from './load-call.ts';

export interface ActOnCallDeps extends LoadCallDeps, AwaitCallDeps, ApplyCommandDeps, AnnounceDeps {}

/** What a member may do with a call that concerns nobody's phones but their own, or ends it. */
export type CallAct =
  | { readonly type: 'reject'; readonly reason: RejectReason }
  | { readonly type: 'cancel' | 'leave' | 'end' };

export interface ActOnCall {
  readonly cid: string;
  readonly user: UserPrincipal;
  readonly act: CallAct;
  /** The handset that a request names, if its token does not. */
  readonly hardwareId?: string | undefined;
  /** The ring that is declined. @default the latest */
  readonly ringId?: string | undefined;
}

/** Rejects, cancels, leaves or ends a call. Asked again, it says once more what an earlier try may have left unsaid. */
export const actOnCall = (deps: ActOnCallDeps) => {
  // Whoever hangs up in a hurry may be here before their call is.
  const load = loadCall(deps, awaitCall(deps));
  const apply = applyCommand(deps);
  const tell = announceOutcome(deps);
  return async ({ cid, user, act, hardwareId, ringId }: ActOnCall): Promise<Call> => {
    const on = handsetOf(user, hardwareId);
    const command = commandOf(act, user, { on, ringId });
    const applied = await apply(await load(cid, user, act.type), command);
    await tell(applied, user.userId, user);
    return applied.call;
  };
};

function commandOf(
  act: CallAct,
  { kind, userId: by, ringId: rungBy }: UserPrincipal,
  { on, ringId }: { readonly on: Handset; readonly ringId: string | undefined },
): CallCommand {
  if (act.type === 'reject') return { ...act, by, on, ringId: ringId ?? rungBy };
  return act.type === 'end' && kind === 'operator' ? { type: 'end-from-outside', by } : { ...act, by, on };
}

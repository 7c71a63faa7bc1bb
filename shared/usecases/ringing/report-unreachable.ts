import type { Call } from '#domain/call/call.ts';
import type { Meter } from '#ports/meter.ts';
import type { PushRecord } from '#ports/push-log.ts';
import type { TraceEvent } from '#ports/trace.ts';
import { type UnreachableReason, unreachableFrame } from '#wire/socket/native/encode.ts';
import { type SendDeps, sendToUser } from '../connections/send-to-user.ts';
import type { WatchDeps } from '../connections/watch-for-return.ts';

/** Why no phone of a callee can ring, where that is certain; `devices` are the keys of those that were to. */
export function unreachableReason(
  pushTokens: readonly string[],
  pushes: PushRecord['pushes'],
): UnreachableReason | undefined {
  if (pushTokens.length === 0) return 'no_devices';
  const states = pushTokens.map((key) => pushes[key]);
  if (states.every((state) => state === 'dead')) return 'all_tokens_dead';
  return states.every((state) => state === 'dead' || state === 'refused') ? 'push_rejected' : undefined;
}

export interface TellUnreachableDeps extends SendDeps, WatchDeps {
  readonly meter: Meter;
}

/** Tells the caller that a callee cannot be reached, for now. */
export async function reportUnreachable(
  deps: TellUnreachableDeps,
  call: Call,
  { userId, ringId }: { readonly userId: string; readonly ringId: string },
  reason: UnreachableReason,
): Promise<TraceEvent[]> {
  const { clock, meter } = deps;
  meter.record({ type: 'callee_unreachable', cid: call.cid, reason });
  await sendToUser(deps)(call.createdBy.id, call, [unreachableFrame(call.cid, clock(), userId, reason)]);
  return [{ at: clock(), event: 'call.unreachable', userId, details: { reason, ring_id: ringId } }];
}

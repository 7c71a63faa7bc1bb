import type { Call } from '#domain/call/call.ts';
import type { Meter } from '#ports/meter.ts';
import type { PushRecord } from '#ports/push-log.ts';
import type { TraceEvent } from '#ports/trace.ts';
import { type UnreachableReason, unreachableFrame } from '#wire/socket/native/encode.ts';
import { type TellDeps, tellUser } from '../connections/tell.ts';
import type { WatchDeps } from '../connections/watch-for-return.ts';

/** Why no phone of a callee can ring, where that is certain; `devices` are the keys of those that were to. */
export function unreachableReason(
  devices: readonly string[],
  pushes: PushRecord['devices'],
): UnreachableReason | undefined {
  if (devices.length === 0) return 'no_devices';
  const states = devices.map((key) => pushes[key]);
  if (states.every((state) => state === 'dead')) return 'all_tokens_dead';
  return states.every((state) => state === 'dead' || state === 'refused') ? 'push_rejected' : undefined;
}

export interface TellUnreachableDeps extends TellDeps, WatchDeps {
  readonly meter: Meter;
}

/** Tells the caller that a callee cannot be reached, for now. */
export async function tellUnreachable(
  deps: TellUnreachableDeps,
  call: Call,
  { userId, ringId }: { readonly userId: string; readonly ringId: string },
  reason: UnreachableReason,
): Promise<TraceEvent[]> {
  const { clock, meter } = deps;
  meter.note({ type: 'callee_unreachable', cid: call.cid, reason });
  await tellUser(deps)(call.createdBy.id, call, [unreachableFrame(call.cid, clock(), userId, reason)]);
  return [{ at: clock(), event: 'call.unreachable', userId, details: { reason, ring_id: ringId } }];
}

import type { Call } from '#domain/call/call.ts';
import { defined } from '#domain/defined.ts';
import { ServiceError } from '#domain/errors.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import type { Clock } from '#domain/time.ts';
import type { Meter } from '#ports/meter.ts';
import type { RingHook } from '#ports/ring-hook.ts';

export interface AskBackendDeps {
  /** @default nobody is asked */
  readonly ringHook?: RingHook | undefined;
  readonly meter: Meter;
  readonly clock: Clock;
}

/** Asks the app's backend whether a ring may begin, where the stage says so. What comes back are those who may be rung. */
export const askBackend =
  ({ ringHook, meter, clock }: AskBackendDeps) =>
  async ({ userId, name }: UserPrincipal, call: Call, callees: readonly string[]): Promise<readonly string[]> => {
    if (!ringHook) return callees;
    const at = clock();
    const verdict = await ringHook.ask({ call, caller: { id: userId, ...defined({ name }) }, callees });
    meter.record({ type: 'ring_hook_asked', cid: call.cid, ms: clock() - at });
    switch (verdict.kind) {
      case 'refused':
        throw new ServiceError('not_allowed', verdict.reason ?? 'this ring is not allowed');
      case 'failed':
        meter.record({ type: 'ring_hook_failed', cid: call.cid, fault: verdict.fault });
        if (!verdict.rings)
          throw new ServiceError(
            'not_allowed',
            'the ring is refused, since the ring hook did not say whether it is allowed',
          );
        return callees;
      case 'allowed': {
        const { callees: some = callees } = verdict;
        const allowed = callees.filter((userId) => some.includes(userId));
        if (allowed.length === 0) throw new ServiceError('not_allowed', 'none of the callees may be rung');
        return allowed;
      }
    }
  };

import { ServiceError } from '#domain/errors.ts';
import { isOfTheApp, type Principal } from '#domain/identity.ts';
import type { WhoMayRing } from '#domain/protection/who-may-ring.ts';

export interface MayRingDeps {
  readonly whoMayRing: WhoMayRing;
}

/** Refuses the ring of a user if only the app's own backend, and operators, may ring. */
export function assertMayRing({ whoMayRing }: MayRingDeps, principal: Principal): void {
  if (whoMayRing === 'server' && !isOfTheApp(principal))
    throw new ServiceError('not_allowed', "only the app's own backend may ring here");
}

import { z } from 'zod';
import type { Network } from '../network/egress.ts';

const change = z.object({ drop_frozen_after_ms: z.number().min(0).nullable() });

/** Sets how long a process may be frozen before its connections are forgotten. Null: for ever. */
export function changeNetwork(network: Network, body: unknown): object {
  const { drop_frozen_after_ms } = change.parse(body);
  network.dropFrozenAfterMs = drop_frozen_after_ms ?? undefined;
  return { drop_frozen_after_ms };
}

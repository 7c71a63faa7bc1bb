import { type Growth, measureGrowth } from './growth.ts';
import { type IdleConnections, measureIdleConnections } from './idle-connections.ts';
import { measureRingRate, type RingRate } from './ring-rate.ts';

/** How much a stack can process on this machine, and how costs grow. */
export interface ScaleResult extends Growth {
  readonly ring_rate: RingRate;
  readonly idle_connections: IdleConnections;
}

/** Measures one after the other, each on its own stack, so that none finds what another has left. */
export async function measureScale(): Promise<ScaleResult> {
  const ring_rate = await measureRingRate();
  const idle_connections = await measureIdleConnections();
  return { ring_rate, idle_connections, ...(await measureGrowth()) };
}

import type { Call } from '#client/wire.ts';

/** A call that has ended a moment ago may still get rows: a stop that is on its way, a phone that wakes. */
const SETTLES_MS = 15_000;

/** Whether it is worth looking for new rows in the trace of a call. */
export const mayGrow = ({ status, ended_at, created_at }: Call): boolean =>
  status !== 'ended' || Date.now() - Date.parse(ended_at ?? created_at) < SETTLES_MS;

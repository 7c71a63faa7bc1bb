/** The longest ring that there may be: its deadline does not come while it is measured. */
export const LONG_RING_MS = 180_000;

/** The same as a command says it. */
export const LONG_RING = { ring: { auto_cancel_timeout_ms: LONG_RING_MS } };

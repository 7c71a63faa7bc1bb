/** The longest ring: its deadline does not pass during a measurement. */
export const LONG_RING_MS = 180_000;

/** The same as the setting of a command. */
export const LONG_RING = { ring: { auto_cancel_timeout_ms: LONG_RING_MS } };

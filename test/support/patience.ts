/** How long to wait for what must come: enough for a machine that stalls. A test that passes never waits for so long. */
export const PATIENCE_MS = 90_000;

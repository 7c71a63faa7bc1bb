/** Whose rings a stage takes: those of every user, or those of the app's own backend alone. */
export const WHO_MAY_RING = ['anyone', 'server'] as const;
export type WhoMayRing = (typeof WHO_MAY_RING)[number];

/** The wire languages that a WebSocket may speak. A connection speaks one, chosen by where it connects. */
export const DIALECTS = ['native'] as const;

export type Dialect = (typeof DIALECTS)[number];

/** The same, and that of rooms, whose connections are an aggregate of their own. */
export type SpokenDialect = Dialect | 'rooms';

/** The wire languages that a connection may speak. It speaks one, chosen by where it connects. */
export const DIALECTS = ['native', 'calls', 'video', 'sessions'] as const;

export type Dialect = (typeof DIALECTS)[number];

/** Those that Socket.IO carries. */
export type SocketIoDialect = Exclude<Dialect, 'native'>;

/** The same, and that of rooms, whose connections are an aggregate of their own. */
export const SPOKEN_DIALECTS = [...DIALECTS, 'rooms'] as const;

export type SpokenDialect = (typeof SPOKEN_DIALECTS)[number];

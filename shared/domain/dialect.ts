import { type Call, isHosted } from './call/call.ts';
import { sidesOf } from './call/sides.ts';

/** The wire languages that a connection may speak. It speaks one, chosen by where it connects. */
export const DIALECTS = ['native', 'calls', 'video', 'sessions'] as const;

export type Dialect = (typeof DIALECTS)[number];

/** Those that Socket.IO carries. */
export type SocketIoDialect = Exclude<Dialect, 'native'>;

/** The same, and that of rooms, whose connections are an aggregate of their own. */
export const SPOKEN_DIALECTS = [...DIALECTS, 'rooms'] as const;

export type SpokenDialect = (typeof SPOKEN_DIALECTS)[number];

const hasSides = (call: Call, userId: string): boolean => sidesOf(call, userId) !== undefined;

const HAS_WORDS: Readonly<Record<Dialect, (call: Call, userId: string) => boolean>> = {
  native: () => true,
  calls: hasSides,
  video: hasSides,
  sessions: isHosted,
};

/** Whether a dialect has words for that call of a user: a client of a dialect without them hears nothing of its ring. */
export const hasWordsFor = (dialect: Dialect, call: Call, userId: string): boolean => HAS_WORDS[dialect](call, userId);

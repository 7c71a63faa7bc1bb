import type { CallEvent } from '#ports/call-event.ts';
import type { SocketEvent } from '../packets.ts';

/** The dialect `sessions` has no word for a call whose descriptions are relayed. */
export const encodeSessions = (_: CallEvent): readonly SocketEvent[] => [];

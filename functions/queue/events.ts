import '#kit/entry/uncompiled-parsers.ts';
import { streamHandler } from '#kit/stream/stream-handler.ts';
import { eventsUseCases, readCommitted } from '#kit/wiring/events-wiring.ts';

/** What the table has committed, for the app's backend. */
export const handler = streamHandler({
  read: readCommitted,
  work: (committed) => eventsUseCases().tellBackend(committed),
  putAside: (unreadable) => eventsUseCases().putAside(unreadable),
  early: eventsUseCases,
});

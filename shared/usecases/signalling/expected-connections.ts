import type { Connection, PresenceStore } from '#ports/presence-store.ts';

/** Of so many calls a process remembers who was told last. */
const MAX_REMEMBERED = 1000;

/** The connections of users, as they are being read. */
export type Reads = ReadonlyMap<string, Promise<readonly Connection[]>>;

/**
 * Reads the connections of whoever the latest signal of a member went to, before the call is there that says who it is this
 * time: candidates come one after the other, and mostly to the same process. It is a guess that costs no other read if it is
 * right; who is told is never decided by it.
 */
export function expectedConnections({ presence }: { readonly presence: PresenceStore }) {
  const told = new Map<string, readonly string[]>();
  const nameOf = (cid: string, userId: string): string => `${cid} ${userId}`;
  return {
    read(cid: string, userId: string): Reads {
      const expected = told.get(nameOf(cid, userId)) ?? [];
      const reads = new Map(expected.map((one) => [one, presence.connections(one)]));
      // Whoever needs one hears of its fault.
      for (const reading of reads.values()) reading.catch(() => undefined);
      return reads;
    },
    remember(cid: string, userId: string, userIds: readonly string[]): void {
      const name = nameOf(cid, userId);
      told.delete(name);
      told.set(name, userIds);
      const [oldest] = told.size > MAX_REMEMBERED ? told.keys() : [];
      if (oldest !== undefined) told.delete(oldest);
    },
  };
}

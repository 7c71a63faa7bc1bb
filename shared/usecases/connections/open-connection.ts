import { defined } from '#domain/defined.ts';
import type { Dialect } from '#domain/dialect.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import type { EpochMs } from '#domain/time.ts';
import type { PresenceStore } from '#ports/presence-store.ts';
import type { HelloJob, Queue } from '#ports/queues.ts';

export interface OpenConnectionDeps {
  readonly presence: PresenceStore;
  readonly helloJobs: Queue<HelloJob>;
}

/** A socket that is about to open. */
export interface NewConnection {
  readonly connectionId: string;
  readonly user: UserPrincipal;
  readonly dialect: Dialect;
  readonly connectedAt: EpochMs;
}

/** Remembers a connection from now on, and has it told hello as soon as it can be. */
export const openConnection =
  ({ presence, helloJobs }: OpenConnectionDeps) =>
  async ({ connectionId, user, dialect, connectedAt }: NewConnection): Promise<void> => {
    const { userId, name, image, kind, issuedAt, cid, hardwareId, sessionId, tokenFingerprint } = user;
    const handset = { userId, kind, tokenFingerprint, ...defined({ cid, hardwareId, sessionId }) };
    await presence.addConnection({ id: connectionId, dialect, connectedAt, ...handset });
    const owner = { ...handset, ...defined({ name, image, issuedAt }) };
    await helloJobs.send([{ connectionId, attempt: 0, dialect, connectedAt, user: owner }]);
  };

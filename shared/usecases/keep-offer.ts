import type { User } from '#domain/caller.ts';
import type { Clock } from '#domain/time.ts';
import type { Mailbox } from '#ports/mailbox.ts';

export interface OfferDeps {
  readonly mailbox: Mailbox;
  readonly clock: Clock;
}

/** A session description that goes out with a ring. */
export interface Offer {
  readonly sdp: string;
}

/** Keeps the offer of a ring for everybody who is rung: it waits for the phone that is being woken. */
export const keepOffer =
  ({ mailbox, clock }: OfferDeps) =>
  async (cid: string, user: User, callees: readonly string[], { sdp }: Offer): Promise<void> => {
    const signal = {
      type: 'sdp.offer' as const,
      from: user.userId,
      ...(user.name !== undefined && { fromName: user.name }),
      at: clock(),
      body: { sdp },
    };
    await Promise.all(callees.map((userId) => mailbox.keep(cid, userId, signal)));
  };

import type { User } from '#domain/caller.ts';
import type { Clock } from '#domain/time.ts';
import type { Mailbox, Signal } from '#ports/mailbox.ts';

export interface OfferDeps {
  readonly mailbox: Mailbox;
  readonly clock: Clock;
}

/** A session description that goes out with a ring. */
export interface Offer {
  readonly sdp: string;
}

/** The offer of a ring as the signal that those who are rung get. */
export const offerSignal = ({ clock }: Pick<OfferDeps, 'clock'>, user: User, { sdp }: Offer): Signal => ({
  type: 'sdp.offer',
  from: user.userId,
  ...(user.name !== undefined && { fromName: user.name }),
  at: clock(),
  body: { sdp },
});

/** Keeps the offer of a ring for everybody who is rung: it waits for the phone that is being woken. */
export async function keepOffer(
  { mailbox }: Pick<OfferDeps, 'mailbox'>,
  cid: string,
  callees: readonly string[],
  offer: Signal | undefined,
): Promise<void> {
  if (offer) await Promise.all(callees.map((userId) => mailbox.keep(cid, userId, offer)));
}

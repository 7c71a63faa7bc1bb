import type { UserPrincipal } from '#domain/identity.ts';
import type { EpochMs } from '#domain/time.ts';
import type { Signal } from '#ports/mailbox.ts';

/** A session description that goes out with a ring. */
export interface Offer {
  readonly sdp: string;
}

/** The offer of a ring as the signal that those who are rung get; none if there is no offer. */
export const offerSignal = (
  at: EpochMs,
  { userId, name }: UserPrincipal,
  offer: Offer | undefined,
): Signal | undefined =>
  offer && {
    type: 'sdp.offer',
    from: userId,
    ...(name !== undefined && { fromName: name }),
    at,
    body: { sdp: offer.sdp },
  };

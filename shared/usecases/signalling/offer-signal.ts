import type { UserPrincipal } from '#domain/identity.ts';
import type { Clock } from '#domain/time.ts';
import type { Signal } from '#ports/mailbox.ts';

/** A session description that goes out with a ring. */
export interface Offer {
  readonly sdp: string;
}

/** The offer of a ring as the signal that those who are rung get; none where there is no offer. */
export const offerSignal = (
  { clock }: { readonly clock: Clock },
  user: UserPrincipal,
  offer: Offer | undefined,
): Signal | undefined =>
  offer && {
    type: 'sdp.offer',
    from: user.userId,
    ...(user.name !== undefined && { fromName: user.name }),
    at: clock(),
    body: { sdp: offer.sdp },
  };

import { isHosted } from '#domain/call/call.ts';
import { type CallEvent, saysEnd } from '#ports/call-event.ts';
import { type Delivery, isLost, overall, type Peer } from '#ports/peer-link.ts';
import type { ShownCalls } from '#ports/shown-calls.ts';

export interface TellOfSessionDeps {
  readonly shownCalls: ShownCalls;
  /** Posts an event in the words of the dialect. */
  readonly say: (peer: Peer, event: CallEvent) => Promise<Delivery>;
}

const END = 'over';

/**
 * Tells a client of sessions, by whose words an event is about the session that it names: the end of one once, however
 * often somebody asks for it. It is noted once it was told: whoever dies in between lets it be told again.
 */
export const tellOfSession = ({ shownCalls, say }: TellOfSessionDeps) => {
  const tell = async (peer: Peer, event: CallEvent): Promise<Delivery> => {
    if (!saysEnd(event) || !isHosted(event.call)) return say(peer, event);
    const to = { cid: event.call.cid, connectionId: peer.id };
    if (await shownCalls.wasSaid(to, END)) return 'held';
    const delivery = await say(peer, event);
    if (delivery === 'sent') await shownCalls.claimSaid(to, [END]);
    return delivery;
  };

  return async (peer: Peer, events: readonly CallEvent[]): Promise<Delivery> => {
    const deliveries: Delivery[] = [];
    for (const event of events) {
      const delivery = await tell(peer, event);
      if (isLost(delivery)) return delivery;
      deliveries.push(delivery);
    }
    return overall(deliveries);
  };
};

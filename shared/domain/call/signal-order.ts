/** How many signals of one sender wait for one member. */
const MAX_KEPT = 64;

interface Ordered {
  readonly type: string;
  readonly from: string;
  readonly seq?: number;
}

/**
 * What a mailbox delivers of the signals that arrived, in their order of arrival: by sender, in the sender's own
 * numbering where there is one; of too many the oldest candidates go, never an offer or an answer.
 */
export function inDeliveryOrder<S extends Ordered>(arrived: readonly S[]): S[] {
  const bySender = Map.groupBy(arrived, ({ from }) => from);
  return [...bySender.values()].flatMap((signals) => withinLimit(inSenderOrder(signals)));
}

/** The numbered ones by their numbers, in the places that numbered ones arrived in: an offer that came with a ring has no number, and comes when it came. */
function inSenderOrder<S extends Ordered>(signals: readonly S[]): readonly S[] {
  const numbered = signals.filter(({ seq }) => seq !== undefined).toSorted((a, b) => (a.seq ?? 0) - (b.seq ?? 0));
  return signals.map((signal) => (signal.seq === undefined ? signal : (numbered.shift() ?? signal)));
}

function withinLimit<S extends Ordered>(signals: readonly S[]): readonly S[] {
  let surplus = signals.length - MAX_KEPT;
  return signals.filter(({ type }) => {
    if (surplus <= 0 || type !== 'ice.candidate') return true;
    surplus -= 1;
    return false;
  });
}

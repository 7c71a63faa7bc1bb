/** Some rows of one sorted part, newest first, and behind which place there may be others of it. */
export interface NewestOfPart<Entry> {
  readonly entries: readonly Entry[];
  readonly next?: string | undefined;
}

/** The newest `limit` rows of all parts together, and behind which place there may be others. */
export function newestOf<Entry>(
  parts: readonly NewestOfPart<Entry>[],
  placeOf: (entry: Entry) => string,
  limit: number,
): { readonly entries: readonly Entry[]; readonly next?: string } {
  // Below the last row of a part that was cut off there may be others of it.
  const [floor = ''] = parts
    .flatMap(({ next }) => next ?? [])
    .toSorted()
    .toReversed();
  const all = parts
    .flatMap(({ entries }) => entries.map((entry) => ({ entry, place: placeOf(entry) })))
    .filter(({ place }) => place >= floor)
    .toSorted((a, b) => (a.place < b.place ? 1 : -1));
  const shown = all.slice(0, limit);
  const next = shown.length < all.length ? shown.at(-1)?.place : floor;
  return { entries: shown.map(({ entry }) => entry), ...(next && { next }) };
}

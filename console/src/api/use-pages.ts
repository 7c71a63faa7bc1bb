import { useState } from 'preact/hooks';
import type { Failure } from './api.ts';
import { usePolled } from './use-polled.ts';

/** How often the newest are looked for. */
const PAUSE_MS = 4000;

interface PagesOptions<Page, Item> {
  /** Asks for the first page, or for the one that begins at `next`. */
  readonly ask: (next?: string) => Promise<Page>;
  readonly itemsOf: (page: Page) => readonly Item[];
  readonly idOf: (item: Item) => string;
}

interface Pages<Page, Item> {
  /** The first page as it is now; nothing before it is there. */
  readonly first: Page | undefined;
  /** Its items, and those of the pages that were asked for after it. */
  readonly items: readonly Item[];
  /** Asks for the page after them; absent if there is none. */
  readonly more: (() => Promise<void>) | undefined;
  readonly failure: Failure | undefined;
  readonly refresh: () => Promise<void>;
}

/** A list, newest first: its first page is looked at again and again, those after it once, when somebody asks for them. */
export function usePages<Page extends { readonly next?: string | undefined }, Item>({
  ask,
  itemsOf,
  idOf,
}: PagesOptions<Page, Item>): Pages<Page, Item> {
  const {
    data: first,
    failure,
    refresh,
  } = usePolled(
    () => ask(),
    () => PAUSE_MS,
  );
  const [older, setOlder] = useState<{ readonly items: readonly Item[]; readonly next: string | undefined }>();
  const { next } = older ?? first ?? {};
  const more = async (): Promise<void> => {
    const page = await ask(next);
    // What the first page shows now it may not show any more when newer ones have come.
    const before = older?.items ?? (first ? itemsOf(first) : []);
    setOlder({ items: [...before, ...itemsOf(page)], next: page.next });
  };
  const all = [...(first ? itemsOf(first) : []), ...(older?.items ?? [])];
  // Of an item that is there twice the first counts: it was read later.
  const byId = new Map<string, Item>();
  for (const item of all) if (!byId.has(idOf(item))) byId.set(idOf(item), item);
  return { first, items: [...byId.values()], more: next === undefined ? undefined : more, failure, refresh };
}

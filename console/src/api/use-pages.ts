import { useRef } from 'preact/hooks';
import type { Failure } from './api.ts';
import { usePolled } from './use-polled.ts';

/** How often a page is read, in ms: the newest if it is alone, else each as many times less often as there are pages. */
const PAUSE_MS = 4000;

interface PagesOptions<Page, Item> {
  /** Asks for the first page, or for the one that begins at `next`. */
  readonly ask: (next?: string) => Promise<Page>;
  readonly itemsOf: (page: Page) => readonly Item[];
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

/**
 * A list, newest first, with the pages after the first that somebody has asked for. All that is shown is read again and
 * again, from the top, so that nothing in it is old and nothing between two pages is missing. It costs no more than the
 * first page alone: the pause grows with the pages. What somebody does is shown at once, by `refresh`.
 */
export function usePages<Page extends { readonly next?: string | undefined }, Item>({
  ask,
  itemsOf,
}: PagesOptions<Page, Item>): Pages<Page, Item> {
  /** How many pages are shown, if there are so many. */
  const count = useRef(1);
  const reading = useRef<Promise<unknown>>(undefined);
  const read = async (): Promise<readonly Page[]> => {
    let page = await ask();
    const pages = [page];
    while (page.next !== undefined && pages.length < count.current) {
      page = await ask(page.next);
      pages.push(page);
    }
    return pages;
  };
  const {
    data: pages = [],
    failure,
    refresh,
  } = usePolled(
    () => {
      const begun = read();
      reading.current = begun;
      return begun;
    },
    ({ length }) => PAUSE_MS * length,
  );
  const more = async (): Promise<void> => {
    count.current += 1;
    await refresh();
    try {
      await reading.current;
    } catch (error) {
      // Whoever has asked hears of it, and asks again.
      count.current -= 1;
      throw error;
    }
  };
  return {
    first: pages[0],
    items: pages.flatMap(itemsOf),
    more: pages.at(-1)?.next === undefined ? undefined : more,
    failure,
    refresh,
  };
}

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Failure } from './api.ts';
import { type Poll, poll } from './poll.ts';

/** What is known of something on the server. Old data stays while newer is asked for, and when asking fails. */
export interface Polled<Data> {
  readonly data?: Data;
  /** Why the last request failed; gone when one succeeds. */
  readonly failure?: Failure;
}

/** Polls for as long as the component is there. For something else it needs another component: give it a `key`. */
export function usePolled<Data>(
  ask: () => Promise<Data>,
  pauseMs: (data: Data) => number | undefined,
): Polled<Data> & { readonly refresh: () => Promise<void> } {
  const [known, setKnown] = useState<Polled<Data>>({});
  const latest = useRef({ ask, pauseMs });
  latest.current = { ask, pauseMs };
  const polling = useRef<Poll | undefined>(undefined);
  useEffect(() => {
    const current = poll<Data>({
      ask: () => latest.current.ask(),
      pauseMs: (data) => latest.current.pauseMs(data),
      got: (data) => setKnown({ data }),
      failed: (failure) => setKnown((old) => ({ ...old, failure })),
    });
    polling.current = current;
    return () => current.stop();
  }, []);
  return { ...known, refresh: async () => polling.current?.now() };
}

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Failure } from './api.ts';
import { type Poll, poll } from './poll.ts';

/** What is known of something on the server. Old data stays while newer is asked for, and when asking fails. */
export interface Polled<Data> {
  readonly data?: Data;
  /** Why the last request failed; gone when one succeeds. */
  readonly failure?: Failure;
  readonly isLoading: boolean;
}

/** Polls what `key` names, for as long as the component is there. */
export function usePolled<Data>(
  key: string,
  ask: () => Promise<Data>,
  pauseMs: (data: Data) => number | undefined = () => undefined,
): Polled<Data> & { readonly refresh: () => void } {
  const [known, setKnown] = useState<Polled<Data> & { readonly key: string }>({ key, isLoading: true });
  const latest = useRef({ ask, pauseMs });
  latest.current = { ask, pauseMs };
  const polling = useRef<Poll | undefined>(undefined);
  useEffect(() => {
    const current = poll<Data>({
      ask: () => latest.current.ask(),
      pauseMs: (data) => latest.current.pauseMs(data),
      asking: () => setKnown((old) => ({ ...(old.key === key && old), key, isLoading: true })),
      got: (data) => setKnown({ key, data, isLoading: false }),
      failed: (failure) => setKnown((old) => ({ ...old, failure, isLoading: false })),
    });
    polling.current = current;
    return () => current.stop();
  }, [key]);
  // What is known of something else says nothing of this.
  const { data, failure, isLoading }: Polled<Data> = known.key === key ? known : { isLoading: true };
  return {
    ...(data !== undefined && { data }),
    ...(failure && { failure }),
    isLoading,
    refresh: () => polling.current?.now(),
  };
}

import { type Failure, failureOf } from './api.ts';

/** Something that is asked for again and again. */
export interface Poll {
  /** Asks now, and resolves when there is an answer. Once it is stopped, it asks nothing. */
  now(): Promise<void>;
  stop(): void;
}

/** What is polled, and who hears of it. */
export interface Polling<Data> {
  ask(): Promise<Data>;
  /** How long until the next time, in ms; `undefined` when nothing more can change. */
  pauseMs(data: Data): number | undefined;
  got(data: Data): void;
  failed(failure: Failure): void;
}

const SLOWEST_MS = 30_000;

/** Asks, and again after each pause. It waits while nobody looks at the page, and longer each time while the server fails. */
export function poll<Data>({ ask, pauseMs, got, failed }: Polling<Data>): Poll {
  let round = 0;
  let failures = 0;
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const now = async (): Promise<void> => {
    if (isStopped) return;
    round += 1;
    const mine = round;
    clearTimeout(timer);
    const answer = await ask().then(
      (data) => ({ data }),
      (error: unknown) => ({ failure: failureOf(error) }),
    );
    if (isStopped || mine !== round) return;
    const pause = 'data' in answer ? took(answer.data) : missed(answer.failure);
    if (pause !== undefined) timer = setTimeout(whenSeen, pause);
  };
  const took = (data: Data): number | undefined => {
    failures = 0;
    got(data);
    return pauseMs(data);
  };
  const missed = (failure: Failure): number | undefined => {
    failures += 1;
    failed(failure);
    return mayPass(failure) ? Math.min(SLOWEST_MS, 1000 * 2 ** failures) : undefined;
  };
  const again = (): void => void now();
  const whenSeen = (): void => {
    if (document.visibilityState === 'visible') again();
    else document.addEventListener('visibilitychange', whenSeen, { once: true });
  };
  addEventListener('online', again);
  again();
  return {
    now,
    stop() {
      isStopped = true;
      clearTimeout(timer);
      removeEventListener('online', again);
      document.removeEventListener('visibilitychange', whenSeen);
    },
  };
}

const mayPass = ({ status = 0 }: Failure): boolean => status === 0 || status === 429 || status >= 500;

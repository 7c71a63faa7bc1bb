import type { Call, CallEvents, Signal } from '#client/index.ts';

/** What the players of a call wait for. */
export interface Awaited {
  /** The next event of a call; rejects if it does not come in time. */
  event<Name extends keyof CallEvents>(call: Call, name: Name): Promise<CallEvents[Name]>;
  /** The next signal of this type, likewise. */
  signal(call: Call, type: Signal['type']): Promise<Signal>;
}

/** Waits for each thing for so long. */
export function awaitedFor(patienceMs: number): Awaited {
  function soon<T>(what: string, { cid }: Call, start: (resolve: (value: T) => void) => void): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const late = () => reject(new Error(`no ${what} of ${cid} within ${patienceMs} ms`));
    const timer = setTimeout(late, patienceMs);
    start(resolve);
    return promise.finally(() => clearTimeout(timer));
  }
  return {
    event: (call, name) => soon(name, call, (resolve) => call.once(name, resolve)),
    signal: (call, type) =>
      soon(type, call, (resolve) => {
        const stop = call.on('signal', (signal) => {
          if (signal.type !== type) return;
          stop();
          resolve(signal);
        });
      }),
  };
}

import { type Call, type CallSnapshot, Carillon } from '@carillon/client';
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';

/** The calls of a user, for a component that shows them: in the browser and in React Native. */
export interface Calls {
  readonly connection: Carillon['connection'];
  /** Somebody calls. */
  readonly incoming: Call | undefined;
  /** The call that this phone is in. */
  readonly active: Call | undefined;
  readonly ring: (userIds: readonly string[], options?: { readonly video?: boolean }) => Promise<Call>;
}

/** Connects while the component is there. `token` must be the same function at every render. */
export function useCalls(url: string, token: () => Promise<string>): Calls {
  const [carillon] = useState(() => new Carillon({ url, token }));
  const [connection, setConnection] = useState(carillon.connection);
  const [incoming, setIncoming] = useState<Call>();
  const [active, setActive] = useState<Call>();

  const follow = useCallback((call: Call) => {
    call.on('change', ({ status }) => status === 'active' && setActive(call));
    call.on('ended', () => {
      setIncoming((one) => (one === call ? undefined : one));
      setActive((one) => (one === call ? undefined : one));
    });
  }, []);

  useEffect(() => {
    const stops = [
      carillon.on('connection', setConnection),
      carillon.on('incoming', (call) => {
        follow(call);
        setIncoming(call);
      }),
      carillon.on('resumable', (call) => {
        follow(call);
        void call.resume();
      }),
    ];
    carillon.connect().catch(() => setConnection('closed'));
    return () => {
      for (const stop of stops) stop();
      carillon.close();
    };
  }, [carillon, follow]);

  const ring = useCallback<Calls['ring']>(
    async (userIds, options) => {
      const call = await carillon.ring(userIds, options);
      follow(call);
      return call;
    },
    [carillon, follow],
  );
  return { connection, incoming, active, ring };
}

/** What a call looks like now: the component renders again whenever it changes. */
export const useCall = (call: Call): CallSnapshot =>
  useSyncExternalStore(
    useCallback((render) => call.on('change', render), [call]),
    () => call.snapshot,
  );

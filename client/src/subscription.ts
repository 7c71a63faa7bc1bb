import { CarillonError } from './errors.ts';

/** The registration of a service worker, as far as it is used: `await navigator.serviceWorker.ready`. */
export interface PushRegistration {
  readonly pushManager: {
    subscribe(options: { userVisibleOnly: boolean; applicationServerKey: string }): Promise<Subscription>;
    getSubscription(): Promise<Subscription | null>;
  };
}

/** A browser's subscription. */
export interface Subscription {
  toJSON(): { endpoint?: string; keys?: Record<string, string> };
  unsubscribe(): Promise<boolean>;
}

/** A browser's subscription for the sender with this key. One that was made with another key is replaced. */
export async function subscription({ pushManager }: PushRegistration, applicationServerKey: string) {
  const options = { userVisibleOnly: true, applicationServerKey };
  // Some browsers have no push manager.
  const subscribe = async () => pushManager.subscribe(options);
  const again = async (cause: unknown) => {
    const former = await pushManager.getSubscription();
    if (!(await former?.unsubscribe())) throw cause;
    return subscribe();
  };
  const made = await subscribe()
    .catch(again)
    .catch((cause: unknown) => {
      throw new CarillonError('not_subscribed', 'the browser does not subscribe', { cause });
    });
  const { endpoint = '', keys: { p256dh = '', auth = '' } = {} } = made.toJSON();
  return { id: endpoint, keys: { p256dh, auth } };
}

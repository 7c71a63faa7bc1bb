import { type Person, rest } from './people.ts';

/** A browser that has subscribed at the push service of the stack under test. */
export interface Subscribed {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/** Subscribes a browser, as its `pushManager.subscribe` would, for the sender with this key. @default the stack's own */
export async function subscribed(applicationServerKey?: string): Promise<Subscribed> {
  const body = { application_server_key: applicationServerKey };
  return (await rest().request('POST', '/_local/webpush/subscriptions', { body })).body;
}

/** Registers a browser of `who` and returns its endpoint. */
export async function browser(who: Person, extra: object = {}, made?: Subscribed): Promise<string> {
  const { endpoint: id, keys } = made ?? (await subscribed());
  const answer = await who.post('/api/v2/devices', { id, push_provider: 'webpush', keys, ...extra });
  if (answer.status >= 300) throw new Error(`not registered: ${JSON.stringify(answer.body)}`);
  return id;
}

import type { Device } from '#client/wire.ts';

/** What a fake of a push service has received. */
export interface ReceivedPush {
  readonly status: number;
  readonly body: { readonly message?: { readonly data?: object } };
}

/** A browser's subscription. */
export interface Subscription {
  readonly endpoint: string;
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

/** What a push takes on its way through a service that is slow. */
export const SLOW_MS = 4000;

/** How a push service answers for one phone: the next pushes, and the words for it. */
export const WEATHERS = {
  fine: 'works',
  slow: `takes ${SLOW_MS / 1000} seconds`,
  down: 'is down at first',
  refuses: 'refuses the push',
  dead: 'knows the token no more',
} as const;

/** The name of one of them. */
export type Weather = keyof typeof WEATHERS;

/** A push service that has a fake here. */
export type Provider = Device['push_provider'];

const DOWN = { status: 503 };
const OUTCOMES: Readonly<Record<Weather, Readonly<Record<Provider, readonly object[]>>>> = {
  fine: { firebase: [], apn: [], webpush: [] },
  slow: {
    firebase: [{ status: 200, delay_ms: SLOW_MS }],
    apn: [{ status: 200, delay_ms: SLOW_MS }],
    webpush: [{ status: 201, delay_ms: SLOW_MS }],
  },
  down: { firebase: [DOWN, DOWN], apn: [DOWN, DOWN], webpush: [DOWN, DOWN] },
  refuses: {
    firebase: [{ status: 403, reason: 'SENDER_ID_MISMATCH' }],
    apn: [{ status: 400, reason: 'DeviceTokenNotForTopic' }],
    webpush: [{ status: 400 }],
  },
  dead: {
    firebase: [{ status: 404, reason: 'UNREGISTERED' }],
    apn: [{ status: 410, reason: 'Unregistered' }],
    webpush: [{ status: 410 }],
  },
};

/** Asks the local stack's own API, which a deployed stage has not. */
async function ask<Answer>(method: string, path: string, body?: object, signal?: AbortSignal): Promise<Answer> {
  const response = await fetch(path, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
  });
  if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${await response.text()}`);
  return await response.json();
}

/** What the page needs of the local stack. */
export const lab = {
  /** A login token of a user, whom the local stack believes. */
  login: async (userId: string, name: string): Promise<string> =>
    (await ask<{ token: string }>('POST', '/v1/api/callStreams', { userId, name })).token,
  /** A token that may read every trace. */
  serverToken: async (): Promise<string> =>
    (await ask<{ token: string }>('POST', '/_local/tokens', { claims: { role: 'server' } })).token,
  /** All pushes to a token, once there are that many. */
  pushes: async (token: string, atLeast: number, signal: AbortSignal): Promise<readonly ReceivedPush[]> => {
    const query = new URLSearchParams({ token, at_least: String(atLeast) });
    return (await ask<{ pushes: ReceivedPush[] }>('GET', `/_local/pushes?${query}`, undefined, signal)).pushes;
  },
  /** What a browser's push service gives to a service worker that subscribes. */
  subscribe: (): Promise<Subscription> => ask('POST', '/_local/webpush/subscriptions', {}),
  /** Scripts how the push service of a phone answers next. */
  setWeather: (provider: Provider, token: string, weather: Weather): Promise<object> =>
    ask('POST', '/_local/push-outcomes', { token, outcomes: OUTCOMES[weather][provider] }),
};

import { createHash } from 'node:crypto';
import type { PushProvider } from '#domain/push-token/token.ts';
import { type Clock, type EpochMs, SECOND_MS } from '#domain/time.ts';
import type { ConfiguredProviders } from '#ports/push-providers.ts';
import {
  type ApnProvider,
  type FirebaseProvider,
  type PushProviders,
  parsePushProviders,
  type WebPushProvider,
} from './push-providers.ts';

/** The push providers in the secret, by name. */
export interface ProviderBook extends ConfiguredProviders {
  firebase(name: string): Promise<FirebaseProvider | undefined>;
  apn(name: string): Promise<ApnProvider | undefined>;
  webpush(name: string): Promise<WebPushProvider | undefined>;
  /** The names of all providers that can be used and have connections of their own. */
  names(): Promise<{ readonly firebase: readonly string[]; readonly apn: readonly string[] }>;
  /** Why a provider cannot be used, if it cannot: it does not exist (`unconfigured`), or a field of it is wrong. */
  faultOf(
    provider: PushProvider,
    name: string,
  ): Promise<{ readonly reason: string; readonly unconfigured?: true } | undefined>;
}

/** A provider that is unknown, unusable or failing makes us read the secret again, at most this often. */
const REFRESH_MS = 10 * SECOND_MS;

interface Parsed extends PushProviders {
  readonly text: string;
  /** Why no provider can be used. */
  readonly fault?: string;
}

export interface ProviderBookOptions {
  /** Reads the secret. It may answer from a cache, unless it is asked for a `fresh` copy. */
  readonly read: (options?: { fresh: boolean }) => Promise<string>;
  readonly clock: Clock;
  /** Gets every fault of the secret, once for each version of it. */
  readonly onFault: (fault: string) => void;
}

/** The push providers in a secret. */
export function providerBook({ read, clock, onFault }: ProviderBookOptions): ProviderBook {
  let refreshedAt: EpochMs | undefined;
  let refreshing = Promise.resolve();
  let parsed: Parsed | undefined;

  const load = async (options?: { fresh: boolean }): Promise<Parsed> => {
    const text = await read(options);
    if (parsed?.text === text) return parsed;
    parsed = parsedOf(text);
    for (const fault of [parsed.fault ?? [], ...Object.values(parsed.faults)].flat()) onFault(fault);
    return parsed;
  };

  /** Whoever comes while the secret is read again waits for it. */
  const refresh = (): Promise<void> => {
    const now = clock();
    if (refreshedAt === undefined || now - refreshedAt >= REFRESH_MS) {
      refreshedAt = now;
      // As long as it cannot be read, what we know stays in use.
      refreshing = load({ fresh: true }).then(
        () => undefined,
        () => undefined,
      );
    }
    return refreshing;
  };

  const find = async (provider: PushProvider, name: string) => {
    const providers = await load();
    return named<object>(providers[provider], name);
  };

  return {
    refresh,
    firebase: async (name) => named((await load()).firebase, name),
    apn: async (name) => named((await load()).apn, name),
    webpush: async (name) => named((await load()).webpush, name),

    async names() {
      const { firebase, apn } = await load();
      return { firebase: Object.keys(firebase), apn: Object.keys(apn) };
    },

    async faultOf(provider, name) {
      if (await find(provider, name)) return undefined;
      await refresh();
      if (await find(provider, name)) return undefined;
      const { fault, faults } = await load();
      const reason = fault ?? named(faults, `${provider}.${name}`);
      return reason === undefined ? { reason: `no ${provider} provider ${name}`, unconfigured: true } : { reason };
    },

    async versionOf(provider, name) {
      const settings = await find(provider, name);
      return settings && createHash('sha256').update(JSON.stringify(settings)).digest('base64url');
    },

    async ringingByAlert() {
      const { apn } = await load();
      return new Set(Object.keys(apn).filter((name) => apn[name]?.ios_ring === 'alert'));
    },
  };
}

function parsedOf(text: string): Parsed {
  try {
    return { text, ...parsePushProviders(text) };
  } catch (error) {
    return {
      text,
      firebase: {},
      apn: {},
      webpush: {},
      faults: {},
      fault: error instanceof Error ? error.message : 'unusable',
    };
  }
}

const named = <Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined =>
  Object.hasOwn(values, name) ? values[name] : undefined;

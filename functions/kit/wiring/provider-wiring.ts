import { type ProviderBook, providerBook } from '#adapters/secrets/provider-book.ts';
import { readSecret } from '#adapters/secrets/secret.ts';
import { readEnv } from '../entry/env.ts';
import { once } from '../entry/once.ts';
import { log } from '../observe/log.ts';
import { httpEnv } from './config.ts';
import { clock } from './wiring.ts';

/** The push providers in a secret. They are in a file of their own so that few functions bundle their schemas. */
export const pushProviders = (secretId: string): ProviderBook =>
  providerBook({
    read: (options) => readSecret(secretId, options),
    clock,
    onFault: (fault) => log.error('push providers are not usable', { fault }),
  });

/** The providers that the http function tells of. */
export const listPushProviders = /* @__PURE__ */ once(
  () => pushProviders(readEnv(httpEnv).PUSH_PROVIDERS_SECRET).listed,
);

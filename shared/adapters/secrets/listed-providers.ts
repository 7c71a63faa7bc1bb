import * as z from 'zod';
import { PUSH_PROVIDERS, type PushProvider } from '#domain/push-token/token.ts';
import { jsonOf } from '#wire/json.ts';

/** A push provider as clients see it; `public_key` is what browsers subscribe with. */
export interface ListedProvider {
  readonly push_provider: PushProvider;
  readonly name: string;
  readonly public_key?: string;
}

/** Made when it is asked for, since few functions are. */
const schemas = () => {
  const named = z.record(z.string(), z.unknown()).catch({});
  return {
    providers: z.object({ firebase: named, apn: named, webpush: named }),
    vapid: z.object({ public_key: z.string().min(1) }),
  };
};

/** What everybody may know of the providers in the secret `push-providers`. Its keys are checked where they are used. */
export function listedProviders(text: string): ListedProvider[] {
  const { providers, vapid } = schemas();
  const secret = providers.safeParse(jsonOf(text)).data;
  return PUSH_PROVIDERS.flatMap((push_provider) =>
    Object.entries(secret?.[push_provider] ?? {}).flatMap(([name, settings]): ListedProvider[] => {
      if (push_provider !== 'webpush') return [{ push_provider, name }];
      const { data } = vapid.safeParse(settings);
      return data ? [{ push_provider, name, public_key: data.public_key }] : [];
    }),
  );
}

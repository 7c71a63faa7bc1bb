import { SecretsProvider } from '@aws-lambda-powertools/parameters/secrets';
import { once } from '#domain/once.ts';
import { insistent } from '../aws/client-settings.ts';

/** How long a secret is used before it is read again, in seconds. */
const MAX_AGE_S = 300;

const secrets = /* @__PURE__ */ once(() => new SecretsProvider({ clientConfig: insistent() }));

/** The text of a secret, from the cache unless it has to be `fresh`. */
export async function readSecret(id: string, { fresh = false } = {}): Promise<string> {
  const text = await secrets().get(id, { maxAge: MAX_AGE_S, forceFetch: fresh });
  if (typeof text !== 'string') throw new Error(`the secret ${id} has no text`);
  return text;
}

import { getSecret } from '@aws-lambda-powertools/parameters/secrets';

/** How long a secret is used before it is read again, in seconds. */
const MAX_AGE_S = 300;

/** The text of a secret, from the cache unless it has to be `fresh`. */
export async function readSecret(id: string, { fresh = false } = {}): Promise<string> {
  const text = await getSecret(id, { maxAge: MAX_AGE_S, forceFetch: fresh });
  if (typeof text !== 'string') throw new Error(`the secret ${id} has no text`);
  return text;
}

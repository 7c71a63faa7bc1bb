import { z } from 'zod';
import type { Secret, Secrets } from '../../aws/secrets/secrets.ts';

const content = z.json();

/** What is to be seen of a secret from outside: never its content. */
interface SecretState {
  readonly name: string;
  readonly arn: string;
  readonly version_id: string;
}

const state = ({ name, arn, versionId }: Secret): SecretState => ({ name, arn, version_id: versionId });

/** The secrets, and the address at which the AWS CLI and the SDKs reach them. */
export const secretStates = (secrets: Secrets, endpoint: string): object => ({
  endpoint,
  secrets: secrets.all().map(state),
});

/** Puts any JSON into a secret, as an operator does by `put-secret-value`. */
export async function putSecret(secrets: Secrets, name: string, body: unknown): Promise<SecretState> {
  const secret = secrets.find(name);
  if (!secret) throw new Error(`there is no secret ${name}`);
  return state(await secrets.put(secret, JSON.stringify(content.parse(body))));
}

import { z } from 'zod';
import type { Secret, Secrets } from '../../aws/secrets/secrets.ts';

const content = z.json();

/** What is shown of a secret: never its value. */
interface SecretState {
  readonly name: string;
  readonly arn: string;
  readonly version_id: string;
}

const state = ({ name, arn, versionId }: Secret): SecretState => ({ name, arn, version_id: versionId });

/** The secrets, and the endpoint for the AWS CLI and the SDKs. */
export const secretStates = (secrets: Secrets, endpoint: string): object => ({
  endpoint,
  secrets: secrets.all().map(state),
});

/** Puts any JSON into a secret, like an operator with `put-secret-value`. */
export async function putSecret(secrets: Secrets, name: string, body: unknown): Promise<SecretState> {
  const secret = secrets.find(name);
  if (!secret) throw new Error(`there is no secret ${name}`);
  return state(await secrets.put(secret, JSON.stringify(content.parse(body))));
}

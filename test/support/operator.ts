import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { localClient } from '../../tools/local-stack.ts';
import { rest } from './people.ts';

/** What an operator does with a deployment's secrets, by the same calls as `aws secretsmanager`. */
export interface Operator {
  read<Content = Record<string, string>>(secret: string): Promise<Content>;
  put(secret: string, content: object): Promise<void>;
}

/** The operator of the stack under test. */
export async function operator(): Promise<Operator> {
  const { endpoint } = (await rest().request('GET', '/_local/secrets')).body;
  const client = new SecretsManagerClient(localClient(endpoint));
  return {
    async read(secret) {
      const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: secret }));
      return JSON.parse(SecretString);
    },
    async put(secret, content) {
      const SecretString = JSON.stringify(content);
      await client.send(new PutSecretValueCommand({ SecretId: secret, SecretString }));
    },
  };
}

/** Restarts all functions, so that they read every secret again, as they do after five minutes. */
export const restartFunctions = async (): Promise<void> => {
  const { status } = await rest().request('POST', '/_local/functions/restart');
  if (status !== 200) throw new Error(`not restarted: ${status}`);
};

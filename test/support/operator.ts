import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { rest } from './people.ts';

/** What an operator does to a deployment's secrets, by the calls that `aws secretsmanager` makes. */
export interface Operator {
  read(secret: string): Promise<Record<string, string>>;
  put(secret: string, content: object): Promise<void>;
}

/** The operator of the stack under test. */
export async function operator(): Promise<Operator> {
  const { endpoint } = (await rest().request('GET', '/_local/secrets')).body;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SecretsManagerClient({ endpoint, region: 'us-east-1', credentials });
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

/** Starts all functions anew: what they have cached is as old then as it is after five minutes. */
export const restartFunctions = async (): Promise<void> => {
  const { status } = await rest().request('POST', '/_local/functions/restart');
  if (status !== 200) throw new Error(`not restarted: ${status}`);
};

import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { stackOutputs } from '../stack-outputs.ts';

export type SecretName = 'token-keys' | 'push-providers' | 'turn';

/** A deployment that is to be checked. */
export interface Deployment {
  /** Where its REST API is. */
  readonly url: string;
  /** The text of a secret as it is now. */
  secret(name: SecretName): Promise<string>;
  /** Where its functions push to, where that is not Google's and Apple's own hosts. */
  readonly pushEndpoints: { readonly fcm?: string; readonly apns?: string; readonly apnsSandbox?: string };
  /** PEM of the authorities that its functions trust on top of the usual ones. */
  readonly ca?: string;
}

const outputs = z.object({
  HttpUrl: z.url(),
  TokenKeysSecret: z.string(),
  PushProvidersSecret: z.string(),
  TurnSecret: z.string(),
});

/** The deployment of a stage, as the AWS credentials at hand find it. */
export async function stageDeployment(stage: string): Promise<Deployment> {
  const found = await stackOutputs(stage, outputs);
  const ids = {
    'token-keys': found.TokenKeysSecret,
    'push-providers': found.PushProvidersSecret,
    turn: found.TurnSecret,
  };
  const client = new SecretsManagerClient();
  return { url: found.HttpUrl, pushEndpoints: {}, secret: (name) => textOf(client, ids[name]) };
}

const localSecrets = z.object({ endpoint: z.url() });
const localPush = z.object({ fcm: z.url(), apns: z.url(), apns_sandbox: z.url(), ca: z.string() });

const LOCAL_IDS = { 'token-keys': 'TokenKeys', 'push-providers': 'PushProviders', turn: 'Turn' } as const;

/** The local stack at `url`, which tells where everything of it is. */
export async function localDeployment(url: string): Promise<Deployment> {
  const [{ endpoint }, push] = await Promise.all([
    told(url, '/_local/secrets', localSecrets),
    told(url, '/_local/push-endpoints', localPush),
  ]);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SecretsManagerClient({ endpoint, region: 'us-east-1', credentials });
  return {
    url,
    pushEndpoints: { fcm: push.fcm, apns: push.apns, apnsSandbox: push.apns_sandbox },
    ca: push.ca,
    secret: (name) => textOf(client, LOCAL_IDS[name]),
  };
}

async function told<S extends z.ZodType>(url: string, path: string, schema: S): Promise<z.output<S>> {
  const answer = await fetch(new URL(path, url)).catch((error: unknown) => {
    const why = Object(Object(error).cause).code ?? String(error);
    throw new Error(
      `no stack answers at ${url} (${why}): start one with npm start, or name another by --url or --stage`,
    );
  });
  const read = schema.safeParse(answer.ok ? await answer.json() : undefined);
  if (!read.success) throw new Error(`${url} is no local stack: name a deployed one by --stage`);
  return read.data;
}

async function textOf(client: SecretsManagerClient, SecretId: string): Promise<string> {
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
  return SecretString;
}

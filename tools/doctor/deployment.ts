import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { noStackAt } from '../local-stack.ts';
import { address, addressOf, stackOutputs } from '../stack-outputs.ts';

export type SecretName = 'token-keys' | 'push-providers' | 'turn';

/** A deployment to check. */
export interface Deployment {
  /** The address of its REST API. */
  readonly url: string;
  /** Whether everything is behind one address, the console among it. */
  readonly hasEdge: boolean;
  /** The current text of a secret. */
  secret(name: SecretName): Promise<string>;
  /** The push services of its functions, if they are not Google's and Apple's own hosts. */
  readonly pushEndpoints: { readonly fcm?: string; readonly apns?: string; readonly apnsSandbox?: string };
  /** How many functions its account may run at once, if it is in an account. */
  readonly concurrency?: () => Promise<number>;
  /** The PEM of the authorities that its functions trust besides the usual ones. */
  readonly ca?: string;
}

const outputs = z.object({
  ...address,
  TokenKeysSecret: z.string(),
  PushProvidersSecret: z.string(),
  TurnSecret: z.string(),
});

/** The deployment of a stage, found with the AWS credentials of the environment. */
export async function stageDeployment(stage: string): Promise<Deployment> {
  const found = await stackOutputs(stage, outputs);
  const ids = {
    'token-keys': found.TokenKeysSecret,
    'push-providers': found.PushProvidersSecret,
    turn: found.TurnSecret,
  };
  const client = new SecretsManagerClient();
  const hasEdge = found.Url !== undefined;
  return {
    url: addressOf(found),
    hasEdge,
    pushEndpoints: {},
    secret: (name) => textOf(client, ids[name]),
    concurrency,
  };
}

async function concurrency(): Promise<number> {
  const { AccountLimit } = await new LambdaClient().send(new GetAccountSettingsCommand());
  if (AccountLimit?.ConcurrentExecutions === undefined) throw new Error('Lambda names no limit');
  return AccountLimit.ConcurrentExecutions;
}

const localSecrets = z.object({ endpoint: z.url() });
const localPush = z.object({ fcm: z.url(), apns: z.url(), apns_sandbox: z.url(), ca: z.string() });

const LOCAL_IDS = { 'token-keys': 'TokenKeys', 'push-providers': 'PushProviders', turn: 'Turn' } as const;

/** The local stack at `url`, which tells where its parts are. */
export async function localDeployment(url: string): Promise<Deployment> {
  const [{ endpoint }, push] = await Promise.all([
    fetched(url, '/_local/secrets', localSecrets),
    fetched(url, '/_local/push-endpoints', localPush),
  ]);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SecretsManagerClient({ endpoint, region: 'us-east-1', credentials });
  return {
    url,
    hasEdge: true,
    pushEndpoints: { fcm: push.fcm, apns: push.apns, apnsSandbox: push.apns_sandbox },
    ca: push.ca,
    secret: (name) => textOf(client, LOCAL_IDS[name]),
  };
}

async function fetched<S extends z.ZodType>(url: string, path: string, schema: S): Promise<z.output<S>> {
  const answer = await fetch(new URL(path, url)).catch((error: unknown) => {
    throw noStackAt(url, error);
  });
  const read = schema.safeParse(answer.ok ? await answer.json() : undefined);
  if (!read.success) throw new Error(`${url} is not a local stack: name a deployed one with --stage`);
  return read.data;
}

async function textOf(client: SecretsManagerClient, SecretId: string): Promise<string> {
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
  return SecretString;
}

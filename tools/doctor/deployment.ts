import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { LOOPBACK, localClient, localPart, localSecrets, WEBHOOKS } from '../local-stack.ts';
import { secretText } from '../secret-text.ts';
import { address, addressOf, stackOutputs } from '../stack-outputs.ts';

export type SecretName = 'token-keys' | 'push-providers' | 'turn';

/** The webhooks of a deployment. */
export interface WebhooksToCheck {
  /** The current text of the secret `webhooks`. */
  secret(): Promise<string>;
  /** Networks besides the public internet that its functions may reach. */
  readonly privateNetworks: readonly string[];
}

/** A deployment to check. */
export interface Deployment {
  /** The address of its REST API. */
  readonly url: string;
  /** Whether everything is behind one address, the console among it. */
  readonly hasEdge: boolean;
  /** The current text of a secret. */
  secret(name: SecretName): Promise<string>;
  /** Absent if it has no events. */
  readonly webhooks?: WebhooksToCheck;
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
  WebhooksSecret: z.string().optional(),
});

/** The deployment of a stage, or without one the local stack at `url`. */
export const deploymentOf = ({ stage, url }: { stage?: string | undefined; url: string }): Promise<Deployment> =>
  stage === undefined ? localDeployment(url) : stageDeployment(stage);

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
  const { WebhooksSecret: webhooks } = found;
  return {
    url: addressOf(found),
    hasEdge,
    pushEndpoints: {},
    secret: (name) => secretText(client, ids[name]),
    ...(webhooks !== undefined && { webhooks: { secret: () => secretText(client, webhooks), privateNetworks: [] } }),
    concurrency,
  };
}

async function concurrency(): Promise<number> {
  const { AccountLimit } = await new LambdaClient().send(new GetAccountSettingsCommand());
  if (AccountLimit?.ConcurrentExecutions === undefined) throw new Error('Lambda names no limit');
  return AccountLimit.ConcurrentExecutions;
}

const localPush = z.object({ fcm: z.url(), apns: z.url(), apns_sandbox: z.url(), ca: z.string() });

const LOCAL_IDS = { 'token-keys': 'TokenKeys', 'push-providers': 'PushProviders', turn: 'Turn' } as const;

/** The local stack at `url`, which tells where its parts are. */
export async function localDeployment(url: string): Promise<Deployment> {
  const [{ endpoint, names }, push] = await Promise.all([
    localSecrets(url),
    localPart(url, '/_local/push-endpoints', localPush),
  ]);
  const client = new SecretsManagerClient(localClient(endpoint));
  return {
    url,
    hasEdge: true,
    pushEndpoints: { fcm: push.fcm, apns: push.apns, apnsSandbox: push.apns_sandbox },
    ca: push.ca,
    secret: (name) => secretText(client, LOCAL_IDS[name]),
    ...(names.includes(WEBHOOKS) && {
      webhooks: { secret: () => secretText(client, WEBHOOKS), privateNetworks: LOOPBACK },
    }),
  };
}

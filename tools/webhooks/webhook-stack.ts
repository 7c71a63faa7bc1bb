import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { noStackAt } from '../local-stack.ts';
import { stackOutputs } from '../stack-outputs.ts';

/** A stack with webhooks. */
export interface WebhookStack {
  /** The text of the secret `webhooks`. */
  secret(): Promise<string>;
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  readonly deadLettersUrl: string;
  /** Networks besides the public internet that may be called from here. */
  readonly privateNetworks: readonly string[];
}

const outputs = z.object({
  WebhooksSecret: z.string(),
  WebhookQueueUrl: z.string(),
  WebhookDeadLettersUrl: z.string(),
});

const NO_EVENTS = 'has no webhooks: set events to true in the file of the stage, and deploy it';

/** That of a stage, found with the AWS credentials of the environment. */
export async function deployedWebhooks(stage: string): Promise<WebhookStack> {
  const found = outputs.safeParse(await stackOutputs(stage, z.record(z.string(), z.string())));
  if (!found.success) throw new Error(`${stage} ${NO_EVENTS}`);
  return {
    secret: () => textOf(new SecretsManagerClient(), found.data.WebhooksSecret),
    sqs: new SQSClient(),
    queueUrl: found.data.WebhookQueueUrl,
    deadLettersUrl: found.data.WebhookDeadLettersUrl,
    privateNetworks: [],
  };
}

const localParts = z.object({ endpoint: z.url(), secrets: z.array(z.object({ name: z.string() })) });

/** That of the local stack at `url`. */
export async function localWebhooks(url: string): Promise<WebhookStack> {
  const answer = await fetch(new URL('/_local/secrets', url)).catch((error: unknown) => {
    throw noStackAt(url, error);
  });
  const read = localParts.safeParse(answer.ok ? await answer.json() : undefined);
  if (!read.success) throw new Error(`${url} is not a local stack: name a deployed one with --stage`);
  const { endpoint, secrets } = read.data;
  if (!secrets.some(({ name }) => name === 'Webhooks')) throw new Error(`${url} ${NO_EVENTS}`);
  const local = { endpoint, region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  const sqs = new SQSClient(local);
  const urlOf = async (QueueName: string): Promise<string> => {
    const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    return QueueUrl;
  };
  return {
    secret: () => textOf(new SecretsManagerClient(local), 'Webhooks'),
    sqs,
    queueUrl: await urlOf('WebhookQueue'),
    deadLettersUrl: await urlOf('WebhookDead'),
    privateNetworks: ['127.0.0.0/8', '::1/128'],
  };
}

async function textOf(client: SecretsManagerClient, SecretId: string): Promise<string> {
  const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId }));
  return SecretString;
}

import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { LOOPBACK, localClient, localSecrets, WEBHOOKS } from '../local-stack.ts';
import { secretText } from '../secret-text.ts';
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
  const secrets = new SecretsManagerClient();
  return {
    secret: () => secretText(secrets, found.data.WebhooksSecret),
    sqs: new SQSClient(),
    queueUrl: found.data.WebhookQueueUrl,
    deadLettersUrl: found.data.WebhookDeadLettersUrl,
    privateNetworks: [],
  };
}

/** That of the local stack at `url`. */
export async function localWebhooks(url: string): Promise<WebhookStack> {
  const { endpoint, names } = await localSecrets(url);
  if (!names.includes(WEBHOOKS)) throw new Error(`${url} ${NO_EVENTS}`);
  const local = localClient(endpoint);
  const [secrets, sqs] = [new SecretsManagerClient(local), new SQSClient(local)];
  const urlOf = async (QueueName: string): Promise<string> => {
    const { QueueUrl = '' } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    return QueueUrl;
  };
  return {
    secret: () => secretText(secrets, WEBHOOKS),
    sqs,
    queueUrl: await urlOf('WebhookQueue'),
    deadLettersUrl: await urlOf('WebhookDead'),
    privateNetworks: LOOPBACK,
  };
}

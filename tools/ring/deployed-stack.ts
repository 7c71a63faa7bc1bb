import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SignJWT } from 'jose';
import { z } from 'zod';
import type { Stack } from './stack.ts';

const outputs = z.object({ HttpUrl: z.url(), TokenKeysSecret: z.string() });

/** `current` names the key that signs, every other entry is a key by its id. */
const keyRing = z.object({ current: z.string() }).catchall(z.string());

/** The stack of a deployed stage, as the AWS credentials at hand find it, with a server token of ten minutes. */
export async function deployedStack(stage: string): Promise<Stack> {
  const name = `Carillon-${stage}-Service`;
  try {
    const { HttpUrl, TokenKeysSecret } = await outputsOf(name);
    const { SecretString = '' } = await new SecretsManagerClient().send(
      new GetSecretValueCommand({ SecretId: TokenKeysSecret }),
    );
    return { url: HttpUrl, token: await serverToken(keyRing.parse(JSON.parse(SecretString))) };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`${name} cannot be used (${why}): check --stage, and AWS_PROFILE and AWS_REGION`);
  }
}

async function outputsOf(name: string): Promise<z.output<typeof outputs>> {
  const { Stacks = [] } = await new CloudFormationClient().send(new DescribeStacksCommand({ StackName: name }));
  const entries = Stacks.flatMap(({ Outputs = [] }) => Outputs).map(({ OutputKey, OutputValue }) => [
    OutputKey,
    OutputValue,
  ]);
  return outputs.parse(Object.fromEntries(entries));
}

function serverToken({ current, ...keys }: z.output<typeof keyRing>): Promise<string> {
  const key = new TextEncoder().encode(keys[current]);
  return new SignJWT({ role: 'server' })
    .setProtectedHeader({ alg: 'HS256', kid: current })
    .setExpirationTime('10m')
    .sign(key);
}

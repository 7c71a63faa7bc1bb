import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SignJWT } from 'jose';
import { z } from 'zod';
import { secretText } from '../secret-text.ts';
import { address, addressOf, stackOutputs, unusable } from '../stack-outputs.ts';
import type { RingingStack } from './stack.ts';

const outputs = z.object({ ...address, TokenKeysSecret: z.string() });

/** `current` names the key that signs; every other entry is a key, by its id. */
const keyRing = z.object({ current: z.string() }).catchall(z.string());

/** The stack of a deployed stage, found with the AWS credentials of the environment, and server tokens for ten minutes. */
export async function deployedStack(stage: string): Promise<RingingStack> {
  const { TokenKeysSecret, ...found } = await stackOutputs(stage, outputs);
  try {
    const keys = keyRing.parse(JSON.parse(await secretText(new SecretsManagerClient(), TokenKeysSecret)));
    return {
      url: addressOf(found),
      token: await serverToken(keys),
      tokenOf: (user_id) => serverToken(keys, { user_id }),
    };
  } catch (error) {
    throw unusable(stage, error);
  }
}

function serverToken(
  { current, ...keys }: z.output<typeof keyRing>,
  acting: { user_id?: string } = {},
): Promise<string> {
  const key = new TextEncoder().encode(keys[current]);
  return new SignJWT({ role: 'server', ...acting })
    .setProtectedHeader({ alg: 'HS256', kid: current })
    .setExpirationTime('10m')
    .sign(key);
}

import { z } from 'zod';
import { readBody, sendJson } from '../http-messages.ts';
import type { InternalService } from '../internal-server.ts';
import type { Secret } from './secret-values.ts';

const request = z.object({ SecretId: z.string() });

/** The part of the Secrets Manager API that readers use. */
export function secretsApi(secrets: readonly Secret[]): InternalService {
  const created = Math.floor(Date.now() / 1000);
  return {
    matches: ({ headers }) => headers['x-amz-target'] === 'secretsmanager.GetSecretValue',
    async handle(incoming, response) {
      const { SecretId } = request.parse(JSON.parse(String(await readBody(incoming))));
      const secret = secrets.find(({ name, arn }) => SecretId === arn || SecretId === name);
      if (!secret) {
        const message = "Secrets Manager can't find the specified secret.";
        return sendJson(response, 400, { __type: 'ResourceNotFoundException', Message: message });
      }
      sendJson(response, 200, {
        ARN: secret.arn,
        Name: secret.name,
        SecretString: secret.value,
        VersionId: '00000000-0000-4000-8000-000000000001',
        VersionStages: ['AWSCURRENT'],
        CreatedDate: created,
      });
    },
  };
}

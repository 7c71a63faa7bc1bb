import { z } from 'zod';
import { readBody, sendJson } from '../http-messages.ts';
import type { InternalService } from '../internal-server.ts';
import type { Secret, Secrets } from './secrets.ts';

const TARGET = 'secretsmanager.';
const MAX_BYTES = 65_536;

const read = z.object({ SecretId: z.string() });
const written = z.object({
  SecretId: z.string(),
  SecretString: z.string().min(1),
  ClientRequestToken: z.string().min(32).max(64).optional(),
});

/** An error that the API reports to the SDK, with its code. */
class SecretsError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The part of the Secrets Manager API with which functions read secrets and operators write them. */
export function secretsApi(secrets: Secrets): InternalService {
  const created = Math.floor(Date.now() / 1000);
  const actions: Readonly<Record<string, (body: unknown) => Promise<object>>> = {
    async GetSecretValue(body) {
      const secret = find(secrets, read.parse(body).SecretId);
      return { ...described(secret), SecretString: secret.value, CreatedDate: created };
    },
    async PutSecretValue(body) {
      const { SecretId, SecretString, ClientRequestToken } = written.parse(body);
      if (Buffer.byteLength(SecretString) > MAX_BYTES) {
        throw new SecretsError('InvalidParameterException', `The secret value is over ${MAX_BYTES} bytes.`);
      }
      const secret = find(secrets, SecretId);
      if (secret.versionId !== ClientRequestToken) {
        return described(await secrets.put(secret, SecretString, ClientRequestToken));
      }
      // The token is the version id. With the same content this is the same request again.
      if (secret.value === SecretString) return described(secret);
      throw new SecretsError('ResourceExistsException', 'That version exists and its content is another one.');
    },
  };
  return {
    matches: ({ headers }) => String(headers['x-amz-target']).startsWith(TARGET),
    accessesOf({ headers }, body) {
      const id = String(Object(JSON.parse(String(body))).SecretId);
      const action = `secretsmanager:${String(headers['x-amz-target']).slice(TARGET.length)}`;
      return [{ action, resource: secrets.find(id)?.arn ?? id }];
    },
    async handle(request, response) {
      const action = actions[String(request.headers['x-amz-target']).slice(TARGET.length)];
      try {
        if (!action)
          throw new SecretsError('UnknownOperationException', 'The local stack does not support this action.');
        sendJson(response, 200, await action(JSON.parse(String(await readBody(request)))));
      } catch (error) {
        const { code, message } = refusal(error);
        sendJson(response, 400, { __type: code, Message: message });
      }
    },
  };
}

const described = ({ arn, name, versionId }: Secret): object => ({
  ARN: arn,
  Name: name,
  VersionId: versionId,
  VersionStages: ['AWSCURRENT'],
});

function find(secrets: Secrets, id: string): Secret {
  const secret = secrets.find(id);
  if (secret) return secret;
  throw new SecretsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
}

function refusal(error: unknown): { code: string; message: string } {
  if (error instanceof SecretsError) return error;
  if (error instanceof z.ZodError) return { code: 'InvalidParameterException', message: z.prettifyError(error) };
  throw error;
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { type InternalServer, startInternalServer } from '#local/aws/internal-server.ts';
import { openSecrets, type Secrets } from '#local/aws/secrets/secrets.ts';
import { secretsApi } from '#local/aws/secrets/secrets-api.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:Turn';
const declared = [
  { name: 'Turn', arn: ARN, value: '{}', generated: false },
  { name: 'TokenKeys', arn: `${ARN}-keys`, value: 'made-at-first', generated: true },
];

const internals: InternalServer[] = [];
const directories: string[] = [];
let secrets: Secrets;
let client: SecretsManagerClient;

beforeEach(async () => {
  const internal = await startInternalServer(() => {});
  internals.push(internal);
  secrets = await openSecrets(declared, undefined);
  internal.serve(secretsApi(secrets));
  const credentials = { accessKeyId: 'x', secretAccessKey: 'x' };
  client = new SecretsManagerClient({ endpoint: internal.url, region: 'us-east-1', credentials });
});
afterAll(() => {
  for (const internal of internals) internal.stop();
  for (const directory of directories) rmSync(directory, { recursive: true });
});

const get = (SecretId: string) => client.send(new GetSecretValueCommand({ SecretId }));
const put = (SecretString: string, ClientRequestToken?: string) =>
  client.send(
    new PutSecretValueCommand({ SecretId: ARN, SecretString, ...(ClientRequestToken && { ClientRequestToken }) }),
  );

describe('Secrets Manager', () => {
  it('returns the latest value, by name or ARN', async () => {
    const first = await get('Turn');
    expect(first).toMatchObject({ ARN, Name: 'Turn', SecretString: '{}', VersionStages: ['AWSCURRENT'] });
    const { VersionId } = await put('{"urls":[]}');
    expect(VersionId).not.toBe(first.VersionId);
    expect(await get(ARN)).toMatchObject({ SecretString: '{"urls":[]}', VersionId });
    expect((await get('TokenKeys')).SecretString).toBe('made-at-first');
  });

  it('accepts the same request twice, but no other value under its token', async () => {
    const token = '6f1f2cbb-6b7e-4c1a-9d07-0d7c4c0a7d11';
    expect((await put('{"urls":[]}', token)).VersionId).toBe(token);
    expect((await put('{"urls":[]}', token)).VersionId).toBe(token);
    await expect(put('{"urls":["turn:x"]}', token)).rejects.toMatchObject({ name: 'ResourceExistsException' });
    expect((await get('Turn')).SecretString).toBe('{"urls":[]}');
  });

  it('refuses a value that is too large or empty, and an unknown secret', async () => {
    await expect(put('x'.repeat(65_537))).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(put('')).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(get('nothing')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('a data directory', () => {
  it('keeps generated secrets and their later values, and no others', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'carillon-test-'));
    directories.push(directory);
    const reopen = async (name: string, made: string) => {
      const opened = await openSecrets(
        declared.map((secret) => ({ ...secret, value: made })),
        directory,
      );
      return { opened, secret: opened.find(name) };
    };
    expect((await reopen('TokenKeys', 'one')).secret?.value).toBe('one');
    const { opened, secret } = await reopen('TokenKeys', 'two');
    expect(secret?.value).toBe('one');
    if (secret) await opened.put(secret, 'rotated');
    expect((await reopen('TokenKeys', 'three')).secret?.value).toBe('rotated');
    expect((await reopen('Turn', 'four')).secret?.value).toBe('four');
  });
});

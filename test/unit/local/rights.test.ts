import { DynamoDBClient, GetItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tableAccesses } from '#local/aws/dynamodb/dynamodb-api.ts';
import { sendJson } from '#local/aws/http-messages.ts';
import { type Guard, openGuard } from '#local/aws/iam/guard.ts';
import { type Keys, openKeys } from '#local/aws/iam/keys.ts';
import { allows } from '#local/aws/iam/roles.ts';
import type { AwsKey } from '#local/aws/iam/signature.ts';
import { type InternalServer, startInternalServer } from '#local/aws/internal-server.ts';

const TABLE = 'arn:aws:dynamodb:us-east-1:000000000000:table/calls';
const role = {
  name: 'HttpRole',
  logGroup: undefined,
  statements: [
    { actions: ['dynamodb:GetItem'], resources: [TABLE] },
    { actions: ['dynamodb:Query'], resources: [`${TABLE}/index/*`] },
  ],
};

let internal: InternalServer;
let keys: Keys;
let guard: Guard;
beforeAll(async () => {
  internal = await startInternalServer(() => undefined);
  keys = openKeys({ credentials: { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' } });
  guard = openGuard({ keys, roles: new Map([['Http', role]]) });
  const accesses = tableAccesses((name) => TABLE.replace('calls', name));
  internal.serve({
    matches: () => true,
    accessesOf: ({ headers: { 'x-amz-target': target } }, body) =>
      String(target).startsWith('DynamoDB')
        ? accesses(target, String(body))
        : [{ action: 'secretsmanager:GetSecretValue', resource: 'arn:secret' }],
    handle: (_, response) => sendJson(response, 200, { SecretString: 'text' }),
  });
  internal.guard(guard);
});
afterAll(() => internal.stop());

const optionsFor = ({ accessKeyId, secretAccessKey, sessionToken }: AwsKey) => ({
  endpoint: internal.url,
  region: 'us-east-1',
  maxAttempts: 1,
  credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
});
const tableOf = (key: AwsKey) => new DynamoDBClient(optionsFor(key));
const get = (TableName = 'calls') => new GetItemCommand({ TableName, Key: { pk: { S: 'a' } } });
const query = (IndexName?: string) =>
  new QueryCommand({ TableName: 'calls', KeyConditionExpression: 'pk = :a', ...(IndexName && { IndexName }) });

describe('a function', () => {
  it('may do what its role allows, on this resource', async () => {
    const table = tableOf(keys.issue('HttpRole', 'Http'));
    await expect(table.send(get())).resolves.toBeDefined();
    await expect(table.send(query('byDay'))).resolves.toBeDefined();
    expect(guard.rights.get('Http')?.used).toEqual([
      { action: 'dynamodb:GetItem', resource: TABLE },
      { action: 'dynamodb:Query', resource: `${TABLE}/index/byDay` },
    ]);
  });

  it('is refused another action, another resource and another service, in AWS’s words', async () => {
    const key = keys.issue('HttpRole', 'Http');
    for (const refused of [tableOf(key).send(get('others')), tableOf(key).send(query())])
      await expect(refused).rejects.toMatchObject({
        name: 'AccessDeniedException',
        message: expect.stringMatching(
          /^User: arn:aws:sts::\d+:assumed-role\/HttpRole\/Http is not authorized to perform: dynamodb:\w+ on resource: arn/,
        ),
      });
    const secrets = new SecretsManagerClient(optionsFor(key));
    await expect(secrets.send(new GetSecretValueCommand({ SecretId: 'x' }))).rejects.toThrow('is not authorized');
  });

  it.each([
    [
      'a key that nobody was given',
      (key: AwsKey) => ({ ...key, accessKeyId: 'ASIANOBODY' }),
      'UnrecognizedClientException',
    ],
    ['another session', (key: AwsKey) => ({ ...key, sessionToken: 'another' }), 'UnrecognizedClientException'],
    ['another secret', (key: AwsKey) => ({ ...key, secretAccessKey: 'another' }), 'InvalidSignatureException'],
  ])('is refused with %s', async (_, change, name) => {
    await expect(tableOf(change(keys.issue('HttpRole', 'Http'))).send(get())).rejects.toMatchObject({ name });
  });

  it('is refused if its request was changed on the way, or is not signed', async () => {
    const table = tableOf(keys.issue('HttpRole', 'Http'));
    table.middlewareStack.add(
      (next) => (args) => {
        // As long as before, so that its length is right.
        const request: { body: string } = Object(args.request);
        request.body = request.body.replace('calls', 'other');
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );
    await expect(table.send(get())).rejects.toMatchObject({ name: 'InvalidSignatureException' });
    const unsigned = await fetch(internal.url, {
      method: 'POST',
      headers: { 'x-amz-target': 'DynamoDB_20120810.GetItem' },
    });
    expect(await unsigned.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' });
  });
});

it('lets the operator do everything', async () => {
  const operator = { accessKeyId: 'local', secretAccessKey: 'local', arn: '' };
  await expect(tableOf(operator).send(query())).resolves.toBeDefined();
});

it('knows the operator’s key `local` beside the key of the user’s own DynamoDB, which the functions have', async () => {
  const own = { AWS_ACCESS_KEY_ID: 'AKIAOWN', AWS_SECRET_ACCESS_KEY: 'own', AWS_SESSION_TOKEN: 'session' };
  internal.guard(openGuard({ keys: openKeys({ credentials: own }), roles: new Map() }));
  const users = { accessKeyId: 'AKIAOWN', secretAccessKey: 'own', sessionToken: 'session', arn: '' };
  const local = { accessKeyId: 'local', secretAccessKey: 'local', arn: '' };
  for (const key of [users, local]) {
    const secrets = new SecretsManagerClient(optionsFor(key));
    await expect(secrets.send(new GetSecretValueCommand({ SecretId: 'x' }))).resolves.toBeDefined();
  }
  await expect(tableOf({ ...users, secretAccessKey: 'another' }).send(query())).rejects.toMatchObject({
    name: 'InvalidSignatureException',
  });
  internal.guard(guard);
});

it('needs the right to each part of a transaction and to each table of a batch', () => {
  const of = tableAccesses((name) => name);
  const item = { TableName: 'calls' };
  const transaction = { TransactItems: [{ Put: item }, { Delete: item }, { ConditionCheck: item }] };
  expect(of('DynamoDB_20120810.TransactWriteItems', JSON.stringify(transaction)).map(({ action }) => action)).toEqual([
    'dynamodb:PutItem',
    'dynamodb:DeleteItem',
    'dynamodb:ConditionCheckItem',
  ]);
  const batch = of('DynamoDB_20120810.BatchGetItem', JSON.stringify({ RequestItems: { a: {}, b: {} } }));
  expect(batch).toEqual(['a', 'b'].map((resource) => ({ action: 'dynamodb:BatchGetItem', resource })));
});

it('refuses to start a function whose queue Lambda could not poll for it', () => {
  expect(() => guard.require('Http', [{ action: 'sqs:ReceiveMessage', resource: 'arn:queue' }])).toThrow(
    'the role of Http may not sqs:ReceiveMessage on arn:queue',
  );
});

it('takes no other character of a pattern than * for anything', () => {
  const statement = { actions: ['sqs:*'], resources: ['arn:a.b'] };
  expect(allows([statement], { action: 'sqs:SendMessage', resource: 'arn:a.b' })).toBe(true);
  expect(allows([statement], { action: 'sqs:SendMessage', resource: 'arn:axb' })).toBe(false);
});

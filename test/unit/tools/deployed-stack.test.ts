import { createServer, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { listening } from '#test/support/program.ts';
import { checkAccount } from '../../../tools/doctor/check-account.ts';
import { checkWebhooks } from '../../../tools/doctor/check-webhooks.ts';
import { stageDeployment } from '../../../tools/doctor/deployment.ts';
import { deployedStack } from '../../../tools/ring/deployed-stack.ts';

const KEYS = { current: 'k2', k1: 'an-older-key-of-the-ring', k2: 'the-key-that-signs-at-present' };

const stack = (name: string): string => `
<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
  <StackName>${name}</StackName><CreationTime>2026-11-20T12:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>
  <Outputs>
    <member><OutputKey>HttpUrl</OutputKey><OutputValue>https://api.example.com/</OutputValue></member>
    <member><OutputKey>TokenKeysSecret</OutputKey><OutputValue>TokenKeys-1</OutputValue></member>
    <member><OutputKey>PushProvidersSecret</OutputKey><OutputValue>PushProviders-1</OutputValue></member>
    <member><OutputKey>TurnSecret</OutputKey><OutputValue>Turn-1</OutputValue></member>
  </Outputs>
</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;

const edge = (name: string): string =>
  stack(name).replace(
    /<Outputs>[\s\S]*<\/Outputs>/,
    '<Outputs><member><OutputKey>Url</OutputKey><OutputValue>https://d1.cloudfront.net</OutputValue></member></Outputs>',
  );

/** Whether the stage has an edge stack, too. */
let hasEdge = false;

/** What CloudFormation says of a stack that exists. */
const described = (name: string): string | undefined =>
  ({ 'Carillon-prod-Service': stack(name), ...(hasEdge && { 'Carillon-prod-Edge': edge(name) }) })[name];

const noStack = (name: string): string =>
  `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error></ErrorResponse>`;

/** How many functions the account may run at once; undefined if whoever asks may not know. */
let limit: number | undefined;

const answerLimit = (response: ServerResponse): ServerResponse =>
  limit === undefined
    ? response.writeHead(403).end(JSON.stringify({ message: 'not authorized' }))
    : response.end(JSON.stringify({ AccountLimit: { ConcurrentExecutions: limit } }));

/** CloudFormation, Lambda and Secrets Manager of an account in which the stage prod is deployed. */
const aws = (): Server =>
  createServer(async (request, response) => {
    const body = await text(request);
    if (request.url === '/2016-08-19/account-settings') return void answerLimit(response);
    if (request.headers['x-amz-target'] === 'secretsmanager.GetSecretValue') {
      const { SecretId } = JSON.parse(body);
      const SecretString = SecretId === 'TokenKeys-1' ? JSON.stringify(KEYS) : `what is in ${SecretId}`;
      response.end(JSON.stringify({ Name: SecretId, SecretString }));
      return;
    }
    const name = new URLSearchParams(body).get('StackName') ?? '';
    const found = described(name);
    response.writeHead(found === undefined ? 400 : 200, { 'content-type': 'text/xml' }).end(found ?? noStack(name));
  });

describe('the stack of a deployed stage', () => {
  const server = aws();
  beforeAll(async () => {
    vi.stubEnv('AWS_ENDPOINT_URL', await listening(server));
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'x');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'x');
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    server.close();
  });

  it('is found by its outputs, with a server token of ten minutes signed by the current key', async () => {
    const { url, token, tokenOf } = await deployedStack('prod');
    expect(url).toBe('https://api.example.com/');
    const { payload, protectedHeader } = await jwtVerify(token, new TextEncoder().encode(KEYS.k2));
    expect(protectedHeader).toEqual({ alg: 'HS256', kid: 'k2' });
    expect(payload).toEqual({ role: 'server', exp: expect.any(Number) });
    const leftS = (payload.exp ?? 0) - Date.now() / 1000;
    expect(leftS).toBeGreaterThan(590);
    expect(leftS).toBeLessThanOrEqual(601);
    const acting = await jwtVerify(await tokenOf('alice'), new TextEncoder().encode(KEYS.k2));
    expect(acting.payload).toEqual({ role: 'server', user_id: 'alice', exp: expect.any(Number) });
  });

  it('gives the doctor its address and secrets, and pushes to the real services', async () => {
    const { url, secret, pushEndpoints } = await stageDeployment('prod');
    expect([url, pushEndpoints]).toEqual(['https://api.example.com/', {}]);
    expect(await secret('token-keys')).toBe(JSON.stringify(KEYS));
    expect(await secret('push-providers')).toBe('what is in PushProviders-1');
    expect(await secret('turn')).toBe('what is in Turn-1');
  });

  it('is asked through its edge, if it has one: the host of the API itself refuses tools', async () => {
    hasEdge = true;
    expect((await deployedStack('prod')).url).toBe('https://d1.cloudfront.net');
    expect((await stageDeployment('prod')).url).toBe('https://d1.cloudfront.net');
    hasEdge = false;
  });

  it('whose webhooks may not be read is not said to have none', async () => {
    const secret = async (): Promise<string> => {
      throw new Error('not authorized');
    };
    await expect(checkWebhooks({ secret, privateNetworks: [] })).rejects.toThrow('not authorized');
  });

  it.each([
    [10, 'fix', 'runs only 10 functions at once'],
    [99, 'fix', 'runs only 99 functions at once'],
    [100, 'good', 'runs up to 100 functions at once'],
    [undefined, 'note', 'not checked (not authorized): needs the right lambda:GetAccountSettings'],
  ])('whose account may run %s functions at once makes the doctor say so', async (concurrent, state, says) => {
    limit = concurrent;
    const { concurrency } = await stageDeployment('prod');
    expect(await checkAccount(concurrency)).toEqual([{ state, about: 'account', says: expect.stringContaining(says) }]);
  });

  it('names a stack that does not exist, and what to check', async () => {
    await expect(deployedStack('staging')).rejects.toThrow(
      'Carillon-staging-Service cannot be used (Stack with id Carillon-staging-Service does not exist): check --stage, and AWS_PROFILE and AWS_REGION',
    );
  });
});

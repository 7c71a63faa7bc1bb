import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  commandEnv,
  connectionEnv,
  deadlineEnv,
  httpEnv,
  ringEnv,
  roomEnv,
  signalEnv,
  socketIoEnv,
} from '#kit/wiring/config.ts';
import {
  PRODUCTION,
  propertiesOf as properties,
  type Resource,
  referred,
  resources,
  shortName,
  templates,
} from './synthesized.ts';

const { service } = templates();
const names = ['Command', 'Connection', 'DeadlineWorker', 'Http', 'RingWorker', 'Room', 'Signal', 'SocketIo'];

const propertiesOf = (name: string) => properties(service, 'AWS::Lambda::Function', name);
const environmentOf = (name: string) =>
  (propertiesOf(name)['Environment'] as { Variables: Record<string, unknown> }).Variables;

describe('the functions', () => {
  it('are these', () => {
    expect(
      resources(service, 'AWS::Lambda::Function')
        .map(([id]) => shortName(id))
        .toSorted(),
    ).toEqual(names);
  });

  it.each(names)('%s runs on arm64 and Node 24, and logs JSON to its own log group', (name) => {
    const properties = propertiesOf(name);
    expect(properties).toMatchObject({
      Architectures: ['arm64'],
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      LoggingConfig: { LogFormat: 'JSON' },
    });
    expect(referred((properties['LoggingConfig'] as { LogGroup: unknown }).LogGroup)).toBe(`${name}Logs`);
    expect(referred(properties['Role'])).toBe(`${name}Role`);
  });

  it('keep their logs for 7 days, in production for 30', () => {
    const days = (template = service) => [
      ...new Set(resources(template, 'AWS::Logs::LogGroup').map(([, { Properties }]) => Properties['RetentionInDays'])),
    ];
    expect(days()).toEqual([7]);
    expect(days(templates(PRODUCTION).service)).toEqual([30]);
  });

  it('time out after 10 s, the one that rings after 6 s', () => {
    const timeouts = names.map((name) => [name, propertiesOf(name)['Timeout']]);
    expect(Object.fromEntries(timeouts)).toEqual({
      Command: 10,
      Connection: 10,
      DeadlineWorker: 10,
      Http: 10,
      RingWorker: 6,
      Room: 10,
      Signal: 10,
      SocketIo: 10,
    });
  });
});

describe('the environment', () => {
  const schemas: [string, () => z.ZodObject][] = [
    ['Http', httpEnv],
    ['Connection', connectionEnv],
    ['Command', commandEnv],
    ['Signal', signalEnv],
    ['Room', roomEnv],
    ['SocketIo', socketIoEnv],
    ['RingWorker', ringEnv],
    ['DeadlineWorker', deadlineEnv],
  ];

  it.each(schemas)('of %s has what its schema asks for, and nothing else', (name, schema) => {
    const deployed = Object.entries(environmentOf(name)).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : 'https://made-by-cloudformation.example',
    ]);
    expect(schema().strict().safeParse(Object.fromEntries(deployed)).error).toBeUndefined();
  });

  it.each(names)('of %s does not redirect pushes', (name) => {
    expect(Object.keys(environmentOf(name)).filter((key) => key.startsWith('CARILLON_'))).toEqual([]);
  });

  it('lets nobody mint a token without a token, in any stage', () => {
    for (const choice of [{ stage: 'dev' }, { stage: 'test' }, PRODUCTION]) {
      templates(choice).service.hasResourceProperties('AWS::Lambda::Function', {
        Environment: { Variables: { OPEN_MINT: 'false' } },
      });
    }
  });

  it('has the address of the connections, below the stage of the WebSocket API', () => {
    const url = JSON.stringify(environmentOf('Signal')['CONNECTIONS_URL']);
    expect(url).toMatch(/^\{"Fn::Join":\["",\["https:\/\/",\{"Ref":"WebSocketApi[0-9A-F]{8}"\},"\.execute-api\."/);
    expect(url).toContain('"/ws"]');
  });
});

const ROWS = ['BatchGetItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'].map(
  (name) => `dynamodb:${name}`,
);
/** Who lists the calls of the stage queries the index, too. */
const ROWS_AND_INDEX = [...ROWS, 'dynamodb:Query'].toSorted();
const READ = ['secretsmanager:GetSecretValue'];
const SEND = ['sqs:SendMessage'];
const MANAGE = ['execute-api:ManageConnections'];
const onConnections = (method: string) => ({
  [`/ws/${method}/@connections/*`]: MANAGE,
  [`/socketio/${method}/@connections/*`]: MANAGE,
});
const POST = onConnections('POST');
const LOOK = onConnections('GET');
const CLOSE = onConnections('DELETE');
const CONSUME = ['ChangeMessageVisibility', 'DeleteMessage', 'GetQueueAttributes', 'GetQueueUrl', 'ReceiveMessage'].map(
  (name) => `sqs:${name}`,
);

describe('a loop of messages', () => {
  it('is allowed only to the functions that keep quiet connections alive', () => {
    const allowed = names.filter((name) => propertiesOf(name)['RecursiveLoop'] === 'Allow');
    expect(allowed).toEqual(['Room', 'SocketIo']);
  });
});

describe('what a function may do', () => {
  it.each([
    [
      'Http',
      {
        ...POST,
        ...LOOK,
        ...CLOSE,
        TokenKeys: READ,
        Turn: READ,
        MediaProviders: READ,
        PushProviders: READ,
        RingQueue: SEND,
        DeadlineQueue: SEND,
        RoomWorkQueue: SEND,
      },
    ],
    [
      'Connection',
      {
        ...POST,
        ...LOOK,
        ...CLOSE,
        TokenKeys: READ,
        Turn: READ,
        HelloQueue: [...CONSUME, ...SEND],
        DeadlineQueue: SEND,
        RoomWorkQueue: SEND,
      },
    ],
    ['Command', { ...POST, ...LOOK, TokenKeys: READ, RingQueue: SEND, DeadlineQueue: SEND }],
    ['Signal', { ...POST, DeadlineQueue: SEND }],
    [
      'SocketIo',
      {
        ...POST,
        ...LOOK,
        ...CLOSE,
        TokenKeys: READ,
        Turn: READ,
        RingQueue: SEND,
        DeadlineQueue: SEND,
        RoomWorkQueue: SEND,
        SocketIoJobsQueue: [...CONSUME, ...SEND],
      },
    ],
    [
      'Room',
      {
        '/rooms/POST/@connections/*': MANAGE,
        '/rooms/DELETE/@connections/*': MANAGE,
        TokenKeys: READ,
        RoomWorkQueue: [...CONSUME, ...SEND],
        HelloQueue: SEND,
      },
    ],
    [
      'RingWorker',
      { ...POST, TokenKeys: READ, PushProviders: READ, RingQueue: [...CONSUME, ...SEND], DeadlineQueue: SEND },
    ],
    [
      'DeadlineWorker',
      { ...POST, ...CLOSE, RingQueue: SEND, DeadlineQueue: [...CONSUME, ...SEND], RoomWorkQueue: SEND },
    ],
  ])('%s: write its logs, use the table, post to connections, and nothing that its work does not need', (name, own) => {
    expect(grantsOf(name)).toEqual({
      [`${name}Logs`]: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Table: name === 'Http' ? ROWS_AND_INDEX : ROWS,
      ...own,
    });
  });

  it('is to write traces only if the stage has them', () => {
    const traced = templates({ tracing: true }).service;
    for (const [template, mode] of [
      [service, undefined],
      [traced, { Mode: 'Active' }],
    ] as const) {
      expect(properties(template, 'AWS::Lambda::Function', 'Http')['TracingConfig']).toEqual(mode);
      expect(JSON.stringify(resources(template, 'AWS::IAM::Policy')).includes('xray:')).toBe(mode !== undefined);
    }
  });

  it('is in its own policy, and in none that AWS manages', () => {
    for (const [id, role] of resources(service, 'AWS::IAM::Role')) {
      if (names.includes(id.replace(/Role[0-9A-F]{8}$/, '')))
        expect(role.Properties).not.toHaveProperty('ManagedPolicyArns');
    }
  });
});

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
}

/** The actions that a function's role allows, sorted, by resource. */
function grantsOf(name: string): Record<string, string[]> {
  const grants: Record<string, string[]> = {};
  for (const [, policy] of resources(service, 'AWS::IAM::Policy').filter(([, each]) => isOf(name, each))) {
    for (const { Effect, Action, Resource } of (policy.Properties['PolicyDocument'] as { Statement: Statement[] })
      .Statement) {
      expect(Effect).toBe('Allow');
      for (const resource of [Resource].flat()) {
        const target = targetOf(resource);
        grants[target] = [...(grants[target] ?? []), ...[Action].flat()].toSorted();
      }
    }
  }
  return grants;
}

const isOf = (name: string, { Properties }: Resource) =>
  referred((Properties['Roles'] as unknown[])[0]) === `${name}Role`;

/** A readable name for the resource of a statement: its logical id here or in the state stack, or the path below an API. */
function targetOf(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const text = JSON.stringify(resource);
  const imported = /ExportsOutput(?:Ref|FnGetAtt)([A-Za-z]+?)[0-9A-F]{8}/.exec(text);
  return imported?.[1] ?? /\/(?:ws|socketio|rooms)\/[^"]+/.exec(text)?.[0] ?? referred(resource);
}

import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { callRoutes } from '../../../functions/http/calls.ts';
import { deviceRoutes } from '../../../functions/http/devices.ts';
import { operatorRoutes } from '../../../functions/http/operators.ts';
import { protectionRoutes } from '../../../functions/http/protection.ts';
import { serviceRoutes } from '../../../functions/http/service.ts';
import { sessionRoutes } from '../../../functions/http/sessions.ts';
import { signalRoutes } from '../../../functions/http/signals.ts';
import { userRoutes } from '../../../functions/http/users.ts';
import { nameOfSchema } from '../../../tools/protocol/json-schemas.ts';

interface Operation {
  readonly 'x-carillon-token-kinds': readonly string[];
  readonly security: readonly object[];
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: { $ref: string } } } };
}

const { paths } = JSON.parse(readFileSync('docs/protocol/openapi.json', 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
};

const ENVIRONMENT = {
  AWS_REGION: 'eu-central-1',
  TABLE_NAME: 'table',
  TOKEN_KEYS_SECRET: 'keys',
  ISSUERS: '[]',
  PRIVATE_NETWORKS: '',
  TURN_SECRET: 'turn',
  STUN_URLS: '',
  TURN_TTL_S: '3600',
  RING_QUEUE_URL: 'https://sqs.example.com/ring',
  DEADLINE_QUEUE_URL: 'https://sqs.example.com/deadline',
  ROOM_QUEUE_URL: 'https://sqs.example.com/room',
  CONNECTIONS_URL: 'https://api.example.com/ws',
  SOCKETIO_URL: 'https://api.example.com/socketio',
  BUSY: 'reject',
  RETENTION_DAYS: '30',
  MAX_DURATION_S: '43200',
  VANISH_GRACE_S: '30',
  ANSWER_GRACE_S: '60',
  RING_RATE: 'off',
  WHO_MAY_RING: 'anyone',
  OPEN_MINT: 'false',
  MEDIA_PROVIDERS_SECRET: 'media-providers',
  PUSH_PROVIDERS_SECRET: 'push-providers',
  WEB_PUSH_HOSTS: 'push.example.com',
  WEBSOCKET_URL: 'wss://sockets.example.com/ws',
  VERSION: '0.0.0',
};

beforeAll(() => {
  for (const [name, value] of Object.entries(ENVIRONMENT)) vi.stubEnv(name, value);
});
afterAll(() => vi.unstubAllEnvs());

it('serves every operation of openapi.json and no other, with its tokens and its body', () => {
  const served = [
    ...[callRoutes(), signalRoutes(), deviceRoutes(), sessionRoutes()],
    ...[userRoutes(), protectionRoutes(), serviceRoutes(), operatorRoutes()],
  ].flat();
  const described = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      request: `${method.toUpperCase()} ${path}`,
      kinds: operation['x-carillon-token-kinds'],
      body: operation.requestBody?.content['application/json'].schema.$ref,
    })),
  );
  const inOrder = <T extends { request: string }>(all: T[]) =>
    all.toSorted((a, b) => a.request.localeCompare(b.request));
  expect(
    inOrder(
      served.map(({ method, path, kinds, body }) => ({
        request: `${method} ${path}`,
        kinds,
        body: body && `#/components/schemas/${nameOfSchema(body())}`,
      })),
    ),
  ).toEqual(inOrder(described));
});

it('requires a token for each operation that accepts one', () => {
  for (const operation of Object.values(paths).flatMap((methods) => Object.values(methods)))
    expect(operation.security.length > 0).toBe(operation['x-carillon-token-kinds'].length > 0);
});

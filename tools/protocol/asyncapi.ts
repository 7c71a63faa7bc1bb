import { componentName } from './components.ts';
import { jsonSchemas, reachable } from './json-schemas.ts';
import { eventTexts } from './socket/events.ts';
import { answerTexts, type CommandFrame, commandTexts } from './socket/frames.ts';
import { messages } from './socket/messages.ts';
import { pushTexts } from './socket/pushes.ts';

const DESCRIPTION = [
  'The native WebSocket of Carillon, and what phones get by push. The REST API is in `/openapi.json`.',
  'Frames are JSON objects with a `type`. Ignore events and fields that you do not know: later versions add some. What may be missing is absent, never null.',
  'A command with an `id` is answered on the same connection by a `response` or an `error` with that `id`; without one only an error is answered. The connection stays open whatever was refused. A frame that is no JSON object (`invalid_json`), has no known `type` (`unknown_type`) or an `id` that is neither a text nor a number (`validation_failed`) is answered by an `error`, too.',
  'State events, those with `call`, `members` and `version`, go to every connection of their recipients, also to the one that caused them. Whoever gets events out of order keeps the highest `version`.',
].join('\n\n');

const CONNECT = [
  'Opened with a login, call or wake token, or a server token that names a user: as `?token=`, as `Authorization: Bearer …`, or as the second of two subprotocols `carillon, bearer.<jwt>`. A wrong token is refused with 401, a good one of nobody in particular with 403.',
  'A connection lives two hours at most, and ten minutes without a frame: ping every 4 minutes, and open a new one before 110 minutes. A frame over 32 KiB closes it with 1009.',
].join('\n\n');

const schemas = jsonSchemas();

/** The WebSocket and the pushes as AsyncAPI 3.0. */
export function asyncApi(version: string): object {
  const document = {
    asyncapi: '3.0.0',
    info: { title: 'Carillon', version, description: DESCRIPTION, license: { name: 'Apache-2.0' } },
    defaultContentType: 'application/json',
    servers: SERVERS,
    channels: {
      socket: {
        address: '/ws',
        title: 'The native WebSocket',
        description: CONNECT,
        'x-carillon-token-kinds': ['login', 'server', 'call', 'wake'],
        servers: [{ $ref: '#/servers/carillon' }],
        messages: messagesNamed([...commandNames, ...eventNames, ...Object.keys(answerTexts)]),
        bindings: { ws: { query: CONNECT_QUERY } },
      },
      push: {
        address: null,
        title: 'What phones get by push',
        description: 'Flat keys, every value a string, the same on every platform.',
        servers: [{ $ref: '#/servers/fcm' }, { $ref: '#/servers/apns' }],
        messages: messagesNamed(Object.keys(pushTexts)),
      },
    },
    operations: { ...commandOperations(), ...eventOperations(), ...PUSH_OPERATION },
  };
  return { ...document, components: { messages, schemas: reachable([document, messages], schemas) } };
}

const SERVERS = {
  carillon: {
    host: '{host}',
    protocol: 'wss',
    description: 'The deployment’s own address; locally `ws://127.0.0.1:8181/ws`.',
    variables: { host: { default: 'carillon.example.com', description: 'The host of the WebSocket API.' } },
    security: [{ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }],
  },
  fcm: { host: 'fcm.googleapis.com', protocol: 'https', description: 'Firebase Cloud Messaging.' },
  apns: { host: 'api.push.apple.com', protocol: 'https', description: 'Apple Push Notification service.' },
};

/** What the upgrade takes, besides headers. */
const CONNECT_QUERY = {
  ...schemas['ConnectQuery'],
  properties: {
    token: { type: 'string', description: 'A bearer JWT, where no header carries it.' },
    ...schemas['ConnectQuery']?.properties,
  },
};

const commandNames = Object.keys(commandTexts).map((type) => componentName(type, 'Command'));
const eventNames = Object.keys(eventTexts).map((type) => componentName(type, 'Event'));

const messagesNamed = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }]));

const inSocket = (name: string) => ({ $ref: `#/channels/socket/messages/${name}` });
const socket = { $ref: '#/channels/socket' };

const commandOperations = () =>
  Object.fromEntries(
    Object.entries(commandTexts).map(([type, command]) => [
      `do.${type}`,
      {
        action: 'receive',
        title: type,
        summary: command.summary,
        ...(command.codes.length > 0 && { 'x-carillon-codes': command.codes }),
        channel: socket,
        messages: [inSocket(componentName(type, 'Command'))],
        reply: { channel: socket, messages: repliesTo(command).map(inSocket) },
      },
    ]),
  );

const repliesTo = ({ answer, codes: refusals }: CommandFrame): string[] => [
  answer,
  ...(refusals.length > 0 ? ['ErrorFrame'] : []),
];

const eventOperations = () =>
  Object.fromEntries(
    Object.entries(eventTexts).map(([type, { summary, to }]) => [
      `on.${type}`,
      {
        action: 'send',
        title: type,
        summary,
        description: `Goes to ${to}.`,
        channel: socket,
        messages: [inSocket(componentName(type, 'Event'))],
      },
    ]),
  );

const PUSH_OPERATION = {
  push: {
    action: 'send',
    title: 'push',
    summary: 'Wakes a phone, silences it, tells it of a missed call',
    channel: { $ref: '#/channels/push' },
    messages: Object.keys(pushTexts).map((name) => ({ $ref: `#/channels/push/messages/${name}` })),
  },
};

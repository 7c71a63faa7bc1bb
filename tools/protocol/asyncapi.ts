import { BACKEND_EVENTS, BACKEND_VERSION, backendEventTexts } from './backend/events.ts';
import { reachable, schemas } from './json-schemas.ts';
import { componentName } from './schemas/component.ts';
import { dialectChannels, dialectOperations } from './socket/dialects.ts';
import { eventTexts } from './socket/events.ts';
import { commandTexts } from './socket/frames.ts';
import { backendMessages, messages, pushMessages, roomMessages, socketMessages } from './socket/messages.ts';
import { PUSHES, pushTexts } from './socket/pushes.ts';
import { ROOM_CODES, ROOMS, roomCommandTexts, roomEventTexts } from './socket/rooms.ts';

export const WEBSOCKET_DESCRIPTION = [
  'Carillon’s native WebSocket, rooms, and what phones get by push. The REST API is in `/openapi.json`.',
  'Frames are JSON objects with a `type`. Ignore events and fields that you do not know: later versions add some. The server leaves optional fields out, and never writes null for them. In what you send, null counts as left out, except inside `custom` and in candidates.',
  'The server answers a command that has an `id` on the same connection, with a `response` or an `error` that has the same `id`. It answers a command without an `id` only if it refuses it, with an `error`. The connection stays open even if a frame is refused. An `error` also answers a frame that is not a JSON object (`invalid_json`), that has no known `type` (`unknown_type`), or whose `id` is neither a string nor a number (`validation_failed`).',
  'State events, those with `call`, `members` and `version`, go to every connection of their recipients, even to the one whose command caused them. The event that your own command causes may arrive before the answer to the command. Frames may arrive out of order: of two states of a call, keep the one with the higher `version`.',
].join('\n\n');

export const CONNECT_DESCRIPTION = [
  'Open it with a login, call or wake token, or with a server token that names a user. Send the token as `?token=`, as `Authorization: Bearer …`, or as the second of two subprotocols: `carillon, bearer.<jwt>`. A token that is not valid is refused with 401, a valid one that names no user with 403.',
  'A connection lives two hours at most, and ten minutes without a frame. Ping every 4 minutes, and open a new connection before 110 minutes are over. A frame over 32 KiB closes the connection with 1009.',
].join('\n\n');

/** The WebSocket and the pushes as AsyncAPI 3.0. */
export function asyncApi(version: string): object {
  const document = {
    asyncapi: '3.0.0',
    info: { title: 'Carillon', version, description: WEBSOCKET_DESCRIPTION, license: { name: 'Apache-2.0' } },
    defaultContentType: 'application/json',
    servers: SERVERS,
    channels: {
      socket: {
        address: '/ws',
        title: 'The native WebSocket',
        description: CONNECT_DESCRIPTION,
        'x-carillon-token-kinds': ['login', 'server', 'call', 'wake'],
        servers: [{ $ref: '#/servers/carillon' }],
        messages: messagesNamed(Object.keys(socketMessages)),
        bindings: { ws: { query: CONNECT_QUERY } },
      },
      ...dialectChannels(),
      push: {
        address: null,
        title: 'What phones get by push',
        description: PUSHES,
        servers: [{ $ref: '#/servers/fcm' }, { $ref: '#/servers/apns' }],
        messages: messagesNamed(Object.keys(pushMessages)),
      },
      backend: {
        address: 'carillon-{stage}',
        title: 'What the app’s backend is told',
        description: BACKEND_EVENTS,
        'x-carillon-version': BACKEND_VERSION,
        parameters: { stage: { description: 'The stage: the bus is called by it.', examples: ['prod'] } },
        messages: messagesNamed(Object.keys(backendMessages)),
      },
      rooms: {
        address: '/webrtc/ws/{room_id}',
        title: 'A room',
        description: ROOMS,
        'x-carillon-token-kinds': ['login', 'server'],
        servers: [{ $ref: '#/servers/carillon' }],
        parameters: { room_id: { description: 'The room: 1 to 128 of `A-Za-z0-9._-`.', examples: ['standup'] } },
        messages: messagesNamed(Object.keys(roomMessages)),
        bindings: { ws: { query: ROOM_QUERY } },
      },
    },
    operations: {
      ...commandOperations(),
      ...eventOperations(),
      ...dialectOperations(),
      ...roomOperations(),
      ...PUSH_OPERATION,
      ...backendOperations(),
    },
  };
  return { ...document, components: { messages, schemas: reachable([document, messages]) } };
}

const SERVERS = {
  carillon: {
    host: '{host}',
    protocol: 'wss',
    description: 'The address of the deployment; the local stack’s is `ws://127.0.0.1:8181/ws`.',
    variables: { host: { default: 'carillon.example.com', description: 'The host of the WebSocket API.' } },
    security: [{ type: 'http', scheme: 'bearer', bearerFormat: 'JWT' }],
  },
  fcm: { host: 'fcm.googleapis.com', protocol: 'https', description: 'Firebase Cloud Messaging.' },
  apns: { host: 'api.push.apple.com', protocol: 'https', description: 'Apple Push Notification service.' },
};

/** The query of the upgrade request. */
export const CONNECT_QUERY = {
  ...schemas['ConnectQuery'],
  properties: {
    token: { type: 'string', description: 'The bearer JWT, if no header carries it.' },
    ...schemas['ConnectQuery']?.properties,
  },
};

const ROOM_QUERY = { type: 'object', properties: { token: CONNECT_QUERY.properties.token } };

const messagesNamed = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/messages/${name}` }]));

const inSocket = (name: string) => ({ $ref: `#/channels/socket/messages/${name}` });
const socket = { $ref: '#/channels/socket' };

const commandOperations = () =>
  Object.fromEntries(
    Object.entries(commandTexts).map(([type, { summary, answer, codes }]) => [
      `do.${type}`,
      {
        action: 'receive',
        title: type,
        summary,
        ...(codes.length > 0 && { 'x-carillon-codes': codes }),
        channel: socket,
        messages: [inSocket(componentName(type, 'Command'))],
        reply: { channel: socket, messages: [answer, ...(codes.length > 0 ? ['ErrorFrame'] : [])].map(inSocket) },
      },
    ]),
  );

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

const inRoom = (name: string) => ({ $ref: `#/channels/rooms/messages/${name}` });
const rooms = { $ref: '#/channels/rooms' };

const roomOperations = () =>
  Object.fromEntries([
    ...Object.entries(roomCommandTexts).map(([type, { summary }]) => [
      `room.do.${type}`,
      {
        action: 'receive',
        title: type,
        summary,
        'x-carillon-codes': ROOM_CODES,
        channel: rooms,
        messages: [inRoom(componentName(type, 'RoomFrame'))],
      },
    ]),
    ...Object.entries(roomEventTexts).map(([type, { summary }]) => [
      `room.on.${type}`,
      { action: 'send', title: type, summary, channel: rooms, messages: [inRoom(componentName(type, 'RoomEvent'))] },
    ]),
  ]);

const backendOperations = () =>
  Object.fromEntries(
    Object.entries(backendEventTexts).map(([type, { summary }]) => [
      `backend.on.${type}`,
      {
        action: 'send',
        title: type,
        summary,
        channel: { $ref: '#/channels/backend' },
        messages: [{ $ref: `#/channels/backend/messages/${componentName(type, 'BackendEvent')}` }],
      },
    ]),
  );

const PUSH_OPERATION = {
  push: {
    action: 'send',
    title: 'push',
    summary: 'Wakes a phone to ring, stops its ringing, or tells it of a missed call',
    channel: { $ref: '#/channels/push' },
    messages: Object.keys(pushTexts).map((name) => ({ $ref: `#/channels/push/messages/${name}` })),
  },
};

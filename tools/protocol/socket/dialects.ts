import * as z from 'zod';
import { callsCommands } from '#wire/socket/calls/decode.ts';
import { join, videoCommands } from '#wire/socket/video/decode.ts';

/** An event of Socket.IO as the document has it: its first argument is the payload. */
interface DialectMessage {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly payload: object;
  readonly examples: readonly { readonly name: string; readonly payload: unknown }[];
}

type Texts = readonly [name: string, summary: string, example: unknown];

const OFFER = { type: 'offer', sdp: 'v=0\r\n…' };
const ANSWER = { type: 'answer', sdp: 'v=0\r\n…' };
const CANDIDATE = { candidate: 'candidate:1 1 udp 2122260223 192.0.2.1 54400 typ host', sdpMid: '0', sdpMLineIndex: 0 };
const RING = {
  callId: '11d3b5c2-5b1f-4c39-a1a1-7a9ae8f2c001',
  fromName: 'Alice',
  expiresAt: '2026-11-20T10:35:45.000Z',
};
const ERROR = { message: 'User is offline', code: 'unreachable' };

const CALLS_IN: readonly Texts[] = [
  ['callUser', 'Rings somebody', { to: 'bob', signalData: OFFER, callType: 'video' }],
  ['answerCall', 'Answers whoever rings', { to: 'alice', signalData: ANSWER }],
  ['rejectCall', 'Declines a ring', { to: 'alice' }],
  ['endCall', 'Cancels or hangs up', { to: 'bob' }],
  ['iceCandidate', 'Relays a candidate', { to: 'bob', candidate: CANDIDATE }],
];
const CALLS_OUT: readonly Texts[] = [
  ['incomingCall', 'Somebody rings', { from: 'alice', signalData: OFFER, callType: 'video', ...RING }],
  ['callAccepted', 'The call is accepted', ANSWER],
  ['callRejected', 'The call is declined, or the callee is busy', undefined],
  ['callEnded', 'The call is over', undefined],
  ['iceCandidate', 'A candidate of the other side', { from: 'bob', candidate: CANDIDATE }],
  ['error', 'Something went wrong', ERROR],
];
const VIDEO_IN: readonly Texts[] = [
  ['join', 'Logs in', 'alice'],
  ['call_user', 'Rings somebody', { toUserId: 'bob', offer: OFFER, callType: 'video' }],
  ['answer_call', 'Answers whoever rings', { toUserId: 'alice', answer: ANSWER }],
  ['reject_call', 'Declines a ring', { toUserId: 'alice' }],
  ['end_call', 'Cancels or hangs up', { toUserId: 'bob' }],
  ['ice_candidate', 'Relays a candidate', { toUserId: 'bob', candidate: CANDIDATE }],
];
const VIDEO_OUT: readonly Texts[] = [
  ['ice_config', 'The servers for the peer connection', [{ urls: ['stun:stun.example.com:3478'] }]],
  ['incoming_call', 'Somebody rings', { fromUserId: 'alice', offer: OFFER, callType: 'video', ...RING }],
  ['call_answered', 'The call is accepted', { fromUserId: 'bob', answer: ANSWER }],
  ['call_rejected', 'The call is declined, or the callee is busy', { fromUserId: 'bob', reason: 'busy' }],
  ['call_ended', 'The call is over', { fromUserId: 'bob', reason: 'completed' }],
  ['ice_candidate', 'A candidate of the other side', { fromUserId: 'bob', candidate: CANDIDATE }],
  ['error', 'Something went wrong', ERROR],
];

/** What each event of a client must be. */
const SCHEMAS: Readonly<Record<string, z.ZodType>> = { ...callsCommands, ...videoCommands, join };

/** The shape of an example. */
function shapeOf(value: unknown): object {
  if (Array.isArray(value)) return { type: 'array', items: shapeOf(value[0]) };
  if (typeof value !== 'object' || value === null) return { type: value === null ? 'null' : typeof value };
  const properties = Object.fromEntries(Object.entries(value).map(([name, field]) => [name, shapeOf(field)]));
  return { type: 'object', properties };
}

function schemaOf(name: string): object {
  const schema = SCHEMAS[name];
  if (!schema) throw new Error(`there is no event ${name}`);
  const { $schema: _, ...written } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return written;
}

const messagesOf = (texts: readonly Texts[], direction: 'In' | 'Out'): [string, DialectMessage][] =>
  texts.map(([name, summary, example]) => [
    `${name}${direction}`,
    {
      name,
      title: name,
      summary,
      payload: direction === 'In' ? schemaOf(name) : example === undefined ? { type: 'null' } : shapeOf(example),
      examples: example === undefined ? [] : [{ name, payload: example }],
    },
  ]);

interface DialectChannel {
  readonly id: string;
  readonly address: string;
  readonly received: readonly Texts[];
  readonly sent: readonly Texts[];
}

const CHANNELS: readonly DialectChannel[] = [
  { id: 'calls', address: '/socket.io/', received: CALLS_IN, sent: CALLS_OUT },
  { id: 'video', address: '/video-socket/', received: VIDEO_IN, sent: VIDEO_OUT },
];

const QUERY = {
  type: 'object',
  required: ['EIO', 'transport'],
  properties: {
    EIO: { const: '4', description: 'The version of Engine.IO.' },
    transport: { enum: ['polling', 'websocket'], description: 'What carries the packets.' },
    token: { type: 'string', description: 'The bearer JWT, if neither `auth` nor a header carries it.' },
    hardware_id: { type: 'string', description: 'A stable id of the handset.' },
    session_id: { type: 'string', description: 'New at every start of the app.' },
  },
};

/** The channels of the dialects that Socket.IO carries. */
export const dialectChannels = (): Readonly<Record<string, object>> =>
  Object.fromEntries(
    CHANNELS.map(({ id, address, received, sent }) => [
      id,
      {
        address,
        title: `The dialect ${id}`,
        description: `Events of Socket.IO (protocol 5, Engine.IO 4) in the namespace \`/\`. A payload is the first argument of its event; an event with a callback is acknowledged with \`{ok: true, callId?}\` or \`{ok: false, error: {code, message}}\`.`,
        servers: [{ $ref: '#/servers/carillon' }],
        messages: Object.fromEntries([...messagesOf(received, 'In'), ...messagesOf(sent, 'Out')]),
        bindings: { ws: { query: QUERY } },
      },
    ]),
  );

/** What clients of these dialects send and hear. */
export const dialectOperations = (): Readonly<Record<string, object>> =>
  Object.fromEntries(
    CHANNELS.flatMap(({ id, received, sent }) => [
      ...received.map(([name, summary]) => operation(id, { name, summary, action: 'receive', direction: 'In' })),
      ...sent.map(([name, summary]) => operation(id, { name, summary, action: 'send', direction: 'Out' })),
    ]),
  );

const operation = (
  channel: string,
  { name, summary, action, direction }: Readonly<Record<'name' | 'summary' | 'action' | 'direction', string>>,
): [string, object] => [
  `${channel}.${action}.${name}`,
  {
    action,
    title: name,
    summary,
    channel: { $ref: `#/channels/${channel}` },
    messages: [{ $ref: `#/channels/${channel}/messages/${name}${direction}` }],
  },
];

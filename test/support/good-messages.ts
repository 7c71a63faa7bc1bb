import { aWebPushDevice } from './push-tokens.ts';

const sdp = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n';
const candidate = { candidate: 'candidate:1 1 udp 1 192.0.2.1 1 typ host', sdpMid: '0', sdpMLineIndex: 0 };
const offer = { type: 'offer', sdp };
const answer = { type: 'answer', sdp };

/** The call that the messages are about, of type `default`, and one of its callees. */
export interface About {
  readonly id: string;
  readonly callee: string;
  /** How long rings last, in ms. */
  readonly ringMs: number;
}

/** A valid frame of every command. */
export const goodCommands = ({ id, callee, ringMs }: About): object[] => [
  {
    type: 'call.ring',
    id: 1,
    call_type: 'default',
    call_id: id,
    members: [{ user_id: callee, role: 'user' }],
    video: true,
    custom: { topic: 'x', nested: [1, { deep: null }] },
    settings_override: { ring: { auto_cancel_timeout_ms: ringMs, busy: 'ring' } },
    offer,
  },
  { type: 'call.accept', id: 1, call_cid: `default:${id}`, ring_id: null, answer },
  { type: 'call.reject', id: 1, call_cid: `default:${id}`, reason: 'in a meeting', ring_id: null },
  ...['cancel', 'leave', 'end', 'ringing', 'resume'].map((last) => ({
    type: `call.${last}`,
    id: 1,
    call_cid: `default:${id}`,
  })),
];

/** A valid frame of every kind of signal. */
export function goodSignals({ id, callee }: About): object[] {
  const target = { call_cid: `default:${id}`, target_user_id: callee, seq: 1 };
  return [
    { type: 'sdp.offer', id: 1, sdp, ...target },
    { type: 'sdp.answer', id: 1, sdp, ...target },
    { type: 'ice.candidate', id: 1, ...candidate, ...target },
    {
      type: 'ice.candidate',
      id: 1,
      candidates: [candidate, { candidate: null, usernameFragment: 'x' }, null],
      ...target,
    },
  ];
}

/** The path of a call of type `default`. */
const onCall = (id: string, last = ''): string => `/api/v2/video/call/default/${id}${last}`;

/** A valid body for every path that takes one. */
export const goodBodies = ({ id, callee, ringMs }: About): Record<string, object> => ({
  [onCall(id)]: {
    members: [{ user_id: callee, role: 'admin' }],
    ring: true,
    video: false,
    data: { custom: { x: [1, 'y'] } },
    settings_override: { ring: { auto_cancel_timeout_ms: ringMs, busy: 'ring' } },
    hardware_id: 'phone',
    offer,
  },
  [onCall(id, '/ring')]: { ring_id: 'again', member_ids: [callee] },
  [onCall(id, '/members')]: { members: [{ user_id: `late-${id}` }], ring: true },
  [onCall(id, '/accept')]: { hardware_id: 'phone', ring_id: null, answer },
  [onCall(id, '/reject')]: { reason: 'decline', hardware_id: 'phone', ring_id: null },
  [onCall(id, '/ringing')]: { hardware_id: 'phone' },
  [onCall(id, '/leave')]: { hardware_id: 'phone' },
  [onCall(id, '/mark_ended')]: { hardware_id: 'phone' },
  [onCall(id, '/sdp/offer')]: { ...offer, target_user_id: callee, seq: 1 },
  [onCall(id, '/sdp/answer')]: { ...answer, target_user_id: callee, seq: 1 },
  [onCall(id, '/ice')]: { candidates: [candidate], target_user_id: callee, seq: 1 },
  '/api/v2/devices': {
    id: `https://fcm.googleapis.com/fcm/send/${id}`,
    push_provider: 'webpush',
    push_provider_name: 'default',
    voip_token: false,
    id_type: 'fid',
    hardware_id: 'phone',
    app_version: '1.2.3',
    sandbox: true,
    keys: aWebPushDevice.keys,
  },
  '/v1/api/callStreams': { userId: 'alice', name: 'Alice' },
});

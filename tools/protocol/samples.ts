import { callUuid } from '#wire/views.ts';

/** All examples tell one story: Alice calls Bob, who has an Android phone and an iPhone. */
export const ALICE = 'alice';
export const BOB = 'bob';
export const CAROL = 'carol';
export const CALL_ID = 'demo-1';
export const CID = `default:${CALL_ID}`;

/** The path parameters of the call. */
export const PATH = { type: 'default', id: CALL_ID, user_id: BOB };

export const AT = '2026-11-20T10:35:00.000Z';
export const RINGS_UNTIL = '2026-11-20T10:35:45.000Z';
export const ANSWERED_AT = '2026-11-20T10:35:06.120Z';
export const ENDED_AT = '2026-11-20T10:39:12.480Z';
export const RING_ID = '0d9b6a52-6f0e-4a0c-9a43-6c1f0f2b7e11';
export const REQUEST_ID = '5a0f3c1e-7a51-4d0e-8f65-3b1f0c9f2d77';
export const EVENT_ID = 'evt_6d2cc29e-557b-506c-8dd0-d9b41db822f0';
export const CONNECTION_ID = 'Rk1dPfmMIAMCJxw=';
export const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.eyJ1c2VyX2lkIjoiYm9iIn0.c2lnbmF0dXJl';
export const OFFER_SDP = 'v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n';
export const ANSWER_SDP = 'v=0\r\no=- 2 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n';
export const CANDIDATE = {
  candidate: 'candidate:1 1 UDP 2122252543 192.0.2.1 54321 typ host',
  sdpMid: '0',
  sdpMLineIndex: 0,
};
export const ICE_SERVERS = [
  { urls: ['stun:stun.example.com:3478'] },
  {
    urls: ['turn:turn.example.com:3478?transport=udp'],
    username: '1795088100:bob',
    credential: 'aGVsbG8sIGNvdHVybiE=',
  },
];

const CALL = {
  id: CALL_ID,
  type: 'default',
  cid: CID,
  call_uuid: callUuid(CID),
  created_by: { id: ALICE, name: 'Alice' },
  created_at: AT,
  video: true,
  ring_started_at: AT,
  ring_expires_at: RINGS_UNTIL,
  custom: { topic: 'lunch' },
};

const CALLER = { user_id: ALICE, role: 'admin', state: 'joined' };
const CALLEE = { user_id: BOB, role: 'user', ring_id: RING_ID, ring_expires_at: RINGS_UNTIL };

/** The call while it rings. */
export const RINGING = {
  call: { ...CALL, status: 'ringing', version: 1 },
  members: [CALLER, { ...CALLEE, state: 'ringing' }],
};

/** The call after Bob has answered, as he sees it. */
export const ACTIVE = {
  call: { ...CALL, status: 'active', accepted_at: ANSWERED_AT, version: 2 },
  members: [CALLER, { ...CALLEE, state: 'accepted', answered_on: { hardware_id: 'bobs-iphone' } }],
};

const ended = (how: { ended_reason: string; ended_by?: string }, callee: object, version = 2) => ({
  call: { ...CALL, status: 'ended', ended_at: ENDED_AT, ...how, version },
  members: [CALLER, { ...CALLEE, ...callee }],
});

/** The call after its end, for each way in which calls end. */
export const COMPLETED = ended({ ended_reason: 'completed', ended_by: ALICE }, { state: 'accepted' }, 3);
export const LEFT = ended({ ended_reason: 'completed', ended_by: BOB }, { state: 'left' }, 3);
export const REJECTED = ended({ ended_reason: 'rejected', ended_by: BOB }, { state: 'rejected', reason: 'decline' });
export const CANCELLED = ended(
  { ended_reason: 'cancelled', ended_by: ALICE },
  { state: 'missed', reason: 'cancelled' },
);
export const MISSED = ended({ ended_reason: 'missed' }, { state: 'missed', reason: 'missed' });

/** The call with Carol, who was added and is not rung yet. */
export const WITH_CAROL = {
  call: { ...ACTIVE.call, version: 3 },
  members: [CALLER, { ...CALLEE, state: 'accepted' }, { user_id: CAROL, role: 'user', state: 'invited' }],
};

/** The fields that every event of the call has. */
export const inCall = (type: string, user?: 'alice' | 'bob') => ({
  type,
  created_at: AT,
  call_cid: CID,
  call_id: CALL_ID,
  call_type: 'default',
  ...(user && { user: user === 'alice' ? { id: ALICE, name: 'Alice' } : { id: BOB, name: 'Bob' } }),
});

/** A state event. */
export const stateEvent = (type: string, state: { call: { version: number } }, user?: 'alice' | 'bob') => ({
  ...inCall(type, user),
  ...state,
  version: state.call.version,
});

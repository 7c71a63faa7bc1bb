import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CallsInEveryState, callsInEveryState, type Who } from '../support/calls-in-every-state.ts';
import { callPath, rest } from '../support/people.ts';

// What the state of a call, and a user's role in it, forbids: over REST and over the socket alike. A refusal changes nothing.

let calls: CallsInEveryState;
beforeAll(async () => {
  calls = await callsInEveryState();
});
afterAll(() => calls.close());

type CallName = 'ringing' | 'created' | 'active' | 'cancelled' | 'rejected' | 'ginas' | 'missing';
type Code = keyof typeof STATUS;
const STATUS = {
  not_allowed: 403,
  not_a_member: 403,
  not_found: 404,
  call_ended: 409,
  already_answered: 409,
  not_ringing: 409,
  glare: 409,
} as const;

/** One refusal: who tries what in which call. `last` is the end of the REST path, `frame` the type of the frame. */
interface Refusal {
  readonly who: Who;
  readonly on: CallName;
  readonly code: Code;
  readonly last?: string;
  readonly body?: object | ((calls: CallsInEveryState) => object);
  readonly frame?: string;
  readonly fields?: object | ((calls: CallsInEveryState) => object);
}

const SDP = { sdp: 'v=0' };
const ICE = { candidate: 'c' };

/** Every command about a call that exists over both transports. */
const STEPS: readonly Pick<Refusal, 'last' | 'body' | 'frame' | 'fields'>[] = [
  { last: '/accept', frame: 'call.accept' },
  { last: '/reject', frame: 'call.reject' },
  { last: '/ringing', frame: 'call.ringing' },
  { last: '/leave', frame: 'call.leave' },
  { last: '/mark_ended', frame: 'call.end' },
  { last: '/sdp/offer', body: { type: 'offer', ...SDP }, frame: 'sdp.offer', fields: SDP },
  { last: '/sdp/answer', body: { type: 'answer', ...SDP }, frame: 'sdp.answer', fields: SDP },
  { last: '/ice', body: ICE, frame: 'ice.candidate', fields: ICE },
];
const newcomer = { members: [{ user_id: 'newcomer' }] };
const RING = { last: '/ring', frame: 'call.ring' };
const MEMBERS = { last: '/members', body: newcomer };
const SIGNALS = STEPS.slice(5);
const all = (who: Who, on: CallName, code: Code, steps: readonly object[]): Refusal[] =>
  steps.map((step) => ({ who, on, code, ...step }));

const RULES: Readonly<Record<string, readonly Refusal[]>> = {
  'the call does not exist': [
    ...all('alice', 'missing', 'not_found', [...STEPS, { last: '/ring' }, MEMBERS]),
    { who: 'alice', on: 'missing', code: 'not_found', frame: 'call.cancel' },
  ],
  'the user is not a member': [
    ...all('mallory', 'ringing', 'not_a_member', [...STEPS, RING, MEMBERS]),
    { who: 'mallory', on: 'ringing', code: 'not_a_member', frame: 'call.cancel' },
    { who: 'mallory', on: 'ringing', code: 'not_a_member', last: '', body: { ...newcomer, ring: true } },
    { who: 'mallory', on: 'cancelled', code: 'not_a_member', last: '', body: newcomer },
  ],
  'the call has ended': [
    ...all('erin', 'cancelled', 'call_ended', STEPS),
    ...all('alice', 'rejected', 'call_ended', [...STEPS, RING, MEMBERS, { last: '', body: newcomer }]),
    { who: 'alice', on: 'rejected', code: 'call_ended', frame: 'call.cancel' },
    {
      who: 'alice',
      on: 'rejected',
      code: 'call_ended',
      last: '',
      body: { ring: true },
      frame: 'call.ring',
      fields: newcomer,
    },
  ],
  'the call has never rung': [
    ...all('bob', 'created', 'not_ringing', [...STEPS.slice(0, 3), ...SIGNALS]),
    ...all('alice', 'created', 'not_ringing', [...SIGNALS, { last: '/ringing', frame: 'call.ringing' }]),
  ],
  'the call rings for somebody else': [
    ...all('alice', 'ringing', 'not_ringing', [{ last: '/ringing', frame: 'call.ringing' }]),
    ...all('dave', 'active', 'not_ringing', [{ last: '/ringing', frame: 'call.ringing' }]),
    ...all('alice', 'ringing', 'not_allowed', [{ last: '/accept', frame: 'call.accept' }]),
    ...all('alice', 'active', 'not_allowed', [{ last: '/accept', frame: 'call.accept' }]),
  ],
  'the call has been answered': [
    ...all('davesTablet', 'active', 'already_answered', [
      { last: '/accept', body: { hardware_id: 'tablet' }, frame: 'call.accept' },
    ]),
    ...all('davesTablet', 'active', 'already_answered', [{ last: '/reject', frame: 'call.reject' }]),
    ...all('alice', 'active', 'already_answered', [{ last: '/reject', frame: 'call.cancel' }]),
  ],
  'only the creator may do it': [
    ...all('bob', 'ringing', 'not_allowed', [
      MEMBERS,
      { last: '/mark_ended', frame: 'call.end' },
      { frame: 'call.cancel' },
    ]),
    ...all('dave', 'active', 'not_allowed', [MEMBERS, { frame: 'call.cancel' }]),
  ],
  'the other user is not a member': [
    ...all('alice', 'ringing', 'not_a_member', [
      { last: '/ring', body: { member_ids: ['newcomer'] } },
      ...SIGNALS.map(({ last, body, frame, fields }) => {
        const target = { target_user_id: 'newcomer' };
        return { last, body: { ...body, ...target }, frame, fields: { ...fields, ...target } };
      }),
    ]),
    ...all('alice', 'active', 'not_a_member', [
      {
        last: '/ice',
        body: ({ alice }: CallsInEveryState) => ({ ...ICE, target_user_id: alice.id }),
        frame: 'ice.candidate',
        fields: ({ alice }: CallsInEveryState) => ({ ...ICE, target_user_id: alice.id }),
      },
    ]),
  ],
  'the callee is ringing the caller': [
    {
      who: 'mallory',
      on: 'missing',
      code: 'glare',
      last: '',
      body: ({ gina }: CallsInEveryState) => ({ members: [{ user_id: gina.id }], ring: true }),
      frame: 'call.ring',
      fields: ({ gina }: CallsInEveryState) => ({ members: [{ user_id: gina.id }] }),
    },
  ],
};

const given = (what: Refusal['body']): object => (typeof what === 'function' ? what(calls) : (what ?? {}));
const tokenOf = (who: Who): string => (who === 'davesTablet' ? calls.dave : calls[who]).token;
const carriesCall = (code: Code): boolean => code === 'call_ended' || code === 'glare';

async function overRest({ who, on, last, body, code }: Refusal): Promise<void> {
  const path = callPath(calls[on], last);
  const answer = await rest().request('POST', path, { token: tokenOf(who), body: given(body) });
  expect(answer.body).toMatchObject({ status: STATUS[code], code, detail: expect.any(String) });
  expect(answer.status).toBe(STATUS[code]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json');
  expect('call' in answer.body).toBe(carriesCall(code));
}

async function overTheSocket({ who, on, frame = '', fields, code }: Refusal): Promise<void> {
  const about = frame === 'call.ring' ? { call_id: calls[on] } : { call_cid: `default:${calls[on]}` };
  const answer = await calls.sockets[who].ask({ type: frame, ...about, ...given(fields) });
  expect(answer).toMatchObject({ type: 'error', for: frame, error: { code, message: expect.any(String) } });
  expect('call' in answer).toBe(carriesCall(code));
}

describe.each(Object.entries(RULES))('is refused because %s', (_, refusals) => {
  // Side by side: what follows a call that does not exist waits for it for a while.
  it.concurrent.each(refusals)('$who on $on: $last $frame', async (refusal) => {
    const before = await calls.snapshot();
    if (refusal.last !== undefined) await overRest(refusal);
    if (refusal.frame !== undefined) await overTheSocket(refusal);
    expect(await calls.snapshot()).toEqual(before);
  });
});

describe('reading a call', () => {
  it.each([
    ['mallory', 'ringing', 'not_a_member'],
    ['mallory', 'cancelled', 'not_a_member'],
    ['alice', 'missing', 'not_found'],
  ] as const)('is refused to %s on %s', async (who, on, code) => {
    for (const last of ['', '/trace']) {
      expect((await calls[who].get(callPath(calls[on], last))).body).toMatchObject({ status: STATUS[code], code });
    }
  });
  it('is allowed after its end', async () => {
    for (const on of ['cancelled', 'rejected'] as const) {
      expect((await calls.alice.get(callPath(calls[on]))).body.call.status).toBe('ended');
    }
  });
});

import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { declinePush, type RingPushed, readPush, reportRinging, type SeenPushes } from '#client/push/index.ts';
import { listening, nowhere } from '../../support/program.ts';

const RING = {
  sender: 'carillon',
  version: '1',
  type: 'call.ring',
  call_cid: 'default:c1',
  call_type: 'default',
  call_id: 'c1',
  call_uuid: '6b1e96da-bb75-5c6d-8fb7-ed4bdbb5a3ec',
  ring_id: 'r1',
  created_by_id: 'alice',
  created_by_name: 'Alice',
  receiver_id: 'bob',
  video: 'true',
  sent_at: '1000',
  expires_at: '46000',
  wake_token: 'wake',
};
const { wake_token: _, ...KEYS } = RING;
const STOP = { ...KEYS, type: 'call.cancelled', reason: 'cancelled', notify: 'true' };
const MISSED = { ...KEYS, type: 'call.missed' };

const bob = (seen: SeenPushes = {}, now = 2000) => ({ userId: 'bob', seen, now });

describe('a push', () => {
  it('rings, and says what is needed for it', () => {
    expect(readPush(RING, bob())).toEqual({
      kind: 'ring',
      wakeToken: 'wake',
      call: {
        cid: 'default:c1',
        type: 'default',
        id: 'c1',
        uuid: '6b1e96da-bb75-5c6d-8fb7-ed4bdbb5a3ec',
        ringId: 'r1',
        callerId: 'alice',
        callerName: 'Alice',
        receiverId: 'bob',
        video: true,
        sentAt: 1000,
        expiresAt: 46_000,
      },
    });
  });

  it('is the same as FCM data, as a whole FCM message, as a PushKit payload and as the text of a Web Push message', () => {
    const ring = readPush(RING, bob());
    for (const data of [{ data: RING }, { message: { data: RING } }, { aps: {}, ...RING }, JSON.stringify(RING)]) {
      expect(readPush(data, bob())).toEqual(ring);
    }
  });

  it('is read in Stream’s format as well', () => {
    const { call_cid, call_type, call_id, type, ...others } = RING;
    const stream = {
      ...others,
      sender: 'stream_video',
      call_type: type,
      stream_call_cid: call_cid,
      stream_call_type: call_type,
      stream_call_id: call_id,
    };
    expect(readPush(stream, bob())).toEqual(readPush(RING, bob()));
  });

  it('shows the caller’s picture, if there is one', () => {
    const image = 'https://pictures.example/alice.png';
    expect(readPush({ ...RING, created_by_image: image }, bob())).toMatchObject({ call: { callerImage: image } });
  });

  it('stops, and says whether to show a missed call', () => {
    expect(readPush(STOP, bob())).toMatchObject({ kind: 'stop', reason: 'cancelled', notify: true });
    const answered = { ...KEYS, type: 'call.accepted', reason: 'answered_elsewhere' };
    expect(readPush(answered, bob())).toMatchObject({ kind: 'stop', reason: 'answered_elsewhere', notify: false });
  });

  it('is a missed call, if it is only a notice', () => {
    expect(readPush(MISSED, bob())).toMatchObject({ kind: 'missed', call: { callerName: 'Alice' } });
  });

  it('is stale after the deadline, when it comes twice, and when its stop came first', () => {
    const seen: SeenPushes = {};
    expect(readPush(RING, bob({}, 46_000))).toMatchObject({ kind: 'stale', why: 'expired' });
    readPush(RING, bob(seen));
    expect(readPush(RING, bob(seen))).toMatchObject({ kind: 'stale', why: 'duplicate' });
    const stopped: SeenPushes = {};
    readPush(STOP, bob(stopped));
    expect(readPush(STOP, bob(stopped))).toMatchObject({ kind: 'stale', why: 'duplicate' });
    expect(readPush(RING, bob(stopped))).toMatchObject({ kind: 'stale', why: 'stopped' });
  });

  it('rings for the next ring of the same call, though the one before was stopped', () => {
    const seen: SeenPushes = {};
    readPush(STOP, bob(seen));
    expect(readPush({ ...RING, ring_id: 'r2' }, bob(seen))).toMatchObject({ kind: 'ring' });
  });

  it('is remembered in what the app can keep over a restart, for ten minutes', () => {
    const seen: SeenPushes = {};
    readPush(STOP, bob(seen));
    const kept: SeenPushes = JSON.parse(JSON.stringify(seen));
    expect(readPush(RING, bob(kept))).toMatchObject({ kind: 'stale', why: 'stopped' });
    readPush({ ...STOP, ring_id: 'r9' }, bob(kept, 2000 + 11 * 60_000));
    expect(Object.keys(kept)).toEqual(['stop r9']);
  });

  it('is foreign for another user, with the call, and for another app, without', () => {
    expect(readPush({ ...RING, receiver_id: 'carol' }, bob())).toMatchObject({
      kind: 'foreign',
      call: { cid: 'default:c1' },
    });
    for (const data of [
      undefined,
      null,
      7,
      'not json',
      '[]',
      {},
      { sender: 'carillon' },
      { data: 'x' },
      { sender: 'other' },
    ]) {
      expect(readPush(data, bob())).toEqual({ kind: 'foreign' });
    }
  });

  const golden = ['carillon', 'stream'].flatMap((format) =>
    readdirSync(`test/golden/push/${format}`).map((file) => `${format}/${file}`),
  );

  it.each(golden)('is read as it is sent: %s', (file) => {
    const sent = JSON.parse(readFileSync(`test/golden/push/${file}`, 'utf8'));
    const kind = /ring|missed|stop/.exec(file)?.[0];
    // What a browser decrypts is the keys alone.
    const data = file.includes('webpush') ? sent.message : (sent.body ?? sent);
    expect(readPush(data, bob({}, 0))).toMatchObject({
      kind,
      call: { cid: 'default:c1', ringId: 'ring-1' },
    });
  });
});

describe('declining a push', () => {
  const requests: { method: string | undefined; url: string | undefined; token: string | undefined; body: string }[] =
    [];
  /** What is answered, one after the other, and then 200. */
  let answers: { readonly status: number; readonly body?: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += chunk));
    request.on('end', () => {
      requests.push({ method: request.method, url: request.url, token: request.headers.authorization, body });
      const answer = answers.shift() ?? { status: 200 };
      response.writeHead(answer.status).end(answer.body ?? '{}');
    });
  });
  const problem = (status: number, code: string, reason?: string) => ({
    status,
    body: JSON.stringify({ status, code, reason, detail: 'refused' }),
  });
  let url: string;
  beforeAll(async () => {
    url = await listening(server);
  });
  beforeEach(() => void requests.splice(0));
  afterAll(() => void server.close());
  const pushed = readPush(RING, bob()) as RingPushed;

  it('is one request with the wake token and the ring', async () => {
    await declinePush(pushed, { url, reason: 'busy' });
    const body = JSON.stringify({ reason: 'busy', ring_id: 'r1' });
    const path = '/api/v2/video/call/default/c1/reject';
    expect(requests).toEqual([{ method: 'POST', url: path, token: 'Bearer wake', body }]);
  });

  it.each([500, 502, 503, 429])('is repeated after a %i, which may pass', async (status) => {
    answers = [{ status }];
    await declinePush(pushed, { url });
    expect(requests).toHaveLength(2);
  });

  const OVER = [
    problem(404, 'not_found'),
    problem(403, 'not_a_member'),
    problem(409, 'call_ended'),
    problem(409, 'already_answered'),
    problem(409, 'not_ringing'),
    problem(401, 'unauthenticated', 'expired'),
    problem(401, 'unauthenticated', 'signed_out'),
  ];

  it.each(OVER)('is done if the ring is over: $body', async (answer) => {
    for (const ask of [declinePush, reportRinging]) {
      answers = [answer];
      await ask(pushed, { url });
    }
    expect(requests).toHaveLength(2);
  });

  it('is done if another phone has answered: the token may only read from then on', async () => {
    for (const ask of [declinePush, reportRinging]) {
      answers = [problem(403, 'not_allowed')];
      await ask(pushed, { url });
    }
    expect(requests.map(({ method }) => method)).toEqual(['POST', 'GET', 'POST', 'GET']);
  });

  const REFUSED = [
    problem(400, 'validation_failed'),
    problem(401, 'unauthenticated', 'bad_signature'),
    problem(401, 'unauthenticated', 'malformed'),
    problem(401, 'unauthenticated', 'unknown_key'),
    problem(403, 'not_allowed'),
    problem(413, 'payload_too_large'),
    { status: 401, body: '{"message":"Unauthorized"}', code: 'unauthenticated' },
    { status: 404, body: '<!doctype html>', code: 'not_carillon' },
    { status: 410, body: '', code: 'not_carillon' },
    { status: 200, body: '<!doctype html>', code: 'not_carillon' },
  ];

  it.each(REFUSED)('says that the request was refused: $status $body', async ({ status, body, ...known }) => {
    const code = 'code' in known ? known.code : JSON.parse(body).code;
    for (const ask of [declinePush, reportRinging]) {
      answers = [
        { status, body },
        { status, body },
      ];
      await expect(ask(pushed, { url })).rejects.toMatchObject({ code });
      answers = [];
    }
  });

  it('says if nobody answers', async () => {
    await expect(declinePush(pushed, { url: await nowhere() })).rejects.toMatchObject({ code: 'offline' });
  });
});

import { EventEmitter } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { answerTexts } from '../../../tools/protocol/socket/frames.ts';
import { pushTexts } from '../../../tools/protocol/socket/pushes.ts';
import { undocumented, watchedApi, watchedSocket, watchPush } from '../../support/documented.ts';
import type { Answer, Socket } from '../../support/raw-client.ts';

afterEach(() => void undocumented.splice(0));

const answering = (status: number, body: unknown, type = 'application/json') => {
  const answer: Answer = { status, headers: new Headers({ 'content-type': type }), body };
  return watchedApi({ request: async () => answer });
};
const HEALTHY = { status: 'ok', version: '1' };
const problem = (status: number, code: string) => ({
  type: 'about:blank',
  title: code,
  status,
  detail: 'because',
  code,
  error: 'because',
});

it.each([
  ['as documented', 200, HEALTHY, 0],
  ['with a field too many', 200, { ...HEALTHY, secret: 1 }, 1],
  ['without a field', 200, { status: 'ok' }, 1],
  ['with another status', 201, HEALTHY, 1],
])('judges an answer %s', async (_, status, body, faults) => {
  await answering(status, body).request('GET', '/health');
  expect(undocumented).toHaveLength(faults);
});

it.each([
  ['GET', '/nothing', 404, 'not_found', 0],
  ['GET', '/api/v2/video/call/default/x', 404, 'not_found', 0],
  ['GET', '/api/v2/video/call/default/x', 409, 'glare', 1],
  ['GET', '/api/v2/video/call/default/x', 404, 'made_up', 2],
])('judges a refusal of %s %s by its code: %i %s', async (method, path, status, code, faults) => {
  await answering(status, problem(status, code), 'application/problem+json').request(method, path);
  expect(undocumented).toHaveLength(faults);
});

it.each([
  [answerTexts.CallResponse.example, 0],
  [{ ...answerTexts.CallResponse.example, secret: 1 }, 1],
  [{ type: 'call.teleported' }, 1],
  [answerTexts.ErrorFrame.example, 0],
  [{ type: 'error', for: 'call.leave', error: { code: 'glare', message: 'no' } }, 1],
])('judges a frame: %j', (frame, faults) => {
  const raw = new EventEmitter();
  watchedSocket({ frames: [], raw } as unknown as Socket);
  raw.emit('message', JSON.stringify(frame));
  expect(undocumented).toHaveLength(faults);
});

it('judges a push', () => {
  const push = (data: object) => ({
    at: '2026-11-20T10:35:00.000Z',
    monotonic_ms: 1.5,
    provider: 'fcm',
    path: '',
    headers: {},
    status: 200,
    body: { message: { data } },
  });
  watchPush(push(pushTexts.RingPush.example));
  expect(undocumented).toEqual([]);
  watchPush(push({ ...pushTexts.RingPush.example, video: true }));
  expect(undocumented).toHaveLength(1);
});

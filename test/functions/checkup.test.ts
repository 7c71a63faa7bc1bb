import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keys } from '#adapters/dynamodb/keys.ts';
import { epochMs } from '#domain/time.ts';
import { handler } from '../../functions/http/index.ts';
import { operatorToken } from '../../tools/operator-token.ts';
import { httpEvent } from '../support/events.ts';
import { KEY_RING, signedToken } from '../support/key-ring.ts';
import { startOnOwnTable } from '../support/own-table.ts';

// What the doctor found, over a table of its own: there is one checkup for all.

const TABLE = 'checkups';

let table: DynamoDBDocumentClient;
let close: () => void;
beforeAll(async () => {
  ({ table, close } = await startOnOwnTable(TABLE));
});
afterAll(() => close());

const by = (name: string) =>
  operatorToken(
    async () => JSON.stringify(KEY_RING),
    name,
    () => epochMs(Date.now()),
  );

async function ask(method: string, token: string, body?: object) {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await handler(httpEvent({ method, path: '/api/v2/doctor', token, ...sent }));
  return { status: answer.statusCode, body: answer.body === undefined ? undefined : JSON.parse(answer.body) };
}

const WELL = { state: 'good', about: 'stack', says: 'answers' };
const ILL = { state: 'fix', about: 'secret turn', says: 'clients get no TURN server <b>at all</b> 🤒' };

it('is empty before the first checkup, then the latest one, with its time and its operator', async () => {
  const [olga, pavel] = await Promise.all([by('Olga'), by('Pavel')]);
  expect(await ask('GET', olga)).toEqual({ status: 200, body: { findings: [] } });
  const before = Date.now();
  expect(await ask('PUT', olga, { findings: [WELL, ILL] })).toEqual({ status: 204, body: undefined });
  const { body } = await ask('GET', pavel);
  expect(body).toEqual({ findings: [WELL, ILL], at: expect.any(String), by: 'Olga' });
  expect(Date.parse(body.at)).toBeGreaterThanOrEqual(before);
  expect(Date.parse(body.at)).toBeLessThanOrEqual(Date.now());
  await ask('PUT', pavel, { findings: [WELL] });
  expect((await ask('GET', olga)).body).toMatchObject({ findings: [WELL], by: 'Pavel' });
});

it('names nobody if the backend of the app sent it', async () => {
  const server = await signedToken({ role: 'server' });
  expect(await ask('PUT', server, { findings: [ILL] })).toMatchObject({ status: 204 });
  expect((await ask('GET', server)).body).toEqual({ findings: [ILL], at: expect.any(String) });
});

it.each([
  ['findings', {}],
  ['findings', { findings: [] }],
  ['findings', { findings: 'none' }],
  ['findings', { findings: Array.from({ length: 201 }, () => WELL) }],
  ['findings.0', { findings: ['all is well'] }],
  ['findings.1.state', { findings: [WELL, { ...WELL, state: 'FIX' }] }],
  ['findings.1.about', { findings: [WELL, { ...WELL, about: '' }] }],
  ['findings.0.about', { findings: [{ ...WELL, about: 'x'.repeat(129) }] }],
  ['findings.0.says', { findings: [{ ...WELL, says: 'x'.repeat(2001) }] }],
  ['findings.0.says', { findings: [{ ...WELL, says: '\ud800' }] }],
  ['findings.0.says', { findings: [{ state: 'good', about: 'stack' }] }],
])('keeps what was there, and names %s, which is wrong: %#', async (path, body) => {
  const olga = await by('Olga');
  await ask('PUT', olga, { findings: [WELL] });
  const refused = await ask('PUT', olga, body);
  expect(refused).toMatchObject({ status: 400, body: { code: 'validation_failed', errors: [{ path }] } });
  expect((await ask('GET', olga)).body.findings).toEqual([WELL]);
});

it('takes as many and as long findings as it says, and no body that is larger than any may be', async () => {
  const olga = await by('Olga');
  const most = Array.from({ length: 200 }, () => ({ ...WELL, about: 'x'.repeat(128), says: 'y'.repeat(100) }));
  expect((await ask('PUT', olga, { findings: most })).status).toBe(204);
  expect((await ask('GET', olga)).body.findings).toEqual(most);
  const longest = [{ ...ILL, about: 'x'.repeat(128), says: '🤒'.repeat(2000) }];
  expect((await ask('PUT', olga, { findings: longest })).status).toBe(204);
  expect((await ask('GET', olga)).body.findings).toEqual(longest);
  const tooLarge = most.map((finding) => ({ ...finding, says: 'y'.repeat(400) }));
  expect(await ask('PUT', olga, { findings: tooLarge })).toMatchObject({
    status: 413,
    body: { code: 'payload_too_large' },
  });
});

it('is none while its row cannot be read, until the doctor runs again', async () => {
  const olga = await by('Olga');
  const findings = [{ ...WELL, state: 'unheard of' }];
  await table.send(new PutCommand({ TableName: TABLE, Item: { ...keys.checkup(), findings, at: Date.now() } }));
  expect(await ask('GET', olga)).toEqual({ status: 200, body: { findings: [] } });
  await ask('PUT', olga, { findings: [WELL] });
  expect((await ask('GET', olga)).body.findings).toEqual([WELL]);
});

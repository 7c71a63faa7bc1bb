import { describe, expect, it } from 'vitest';
import { leaksIn } from '../../support/leaks.ts';

const harmless = [
  '[Http] {"level":"ERROR","message":"internal error","request_id":"0b6c","error":{"name":"Error","message":"no table"}}',
  '[RingWorker] {"_aws":{"Timestamp":1},"call_cid":"default:call-0a1b2c3d","provider":"apn","PushAttempts":1}',
  '[RingWorker] {"message":"message failed","error":{"message":"another invocation is pushing default:c to bob-12345678"}}',
].join('\n');

describe('the search of the log', () => {
  it('finds nothing in a harmless log', () => {
    expect(leaksIn(harmless, ['a-secret-text'])).toEqual([]);
  });

  it.each([
    ['a JSON Web Token', 'verify eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJib2IifQ.c2ln failed', 'eyJhbGci'],
    ['an SDP', '{"body":"v=0\\r\\no=- 1 1 IN IP4 192.0.2.1"}', 'v=0'],
    ['a candidate', 'bad candidate:1 1 udp 1 192.0.2.1 9 typ host', 'candidate:'],
    ['a query string', 'GET /api/v2/devices?id=abc failed', '?id='],
    ['a query string', 'GET /ws?token=abc failed', 'token='],
    ['a token by its name', 'opened with token=abc', 'token='],
    ['a push token of the tests', 'no such device bob-token-0a1b2c3d', 'bob-token-0a1b2c3d'],
  ])('finds %s, and blots it out in the line', (kind, line, secret) => {
    const [leak, ...more] = leaksIn(`${harmless}\n${line}\n${harmless}`);
    expect(more).toEqual([]);
    expect(leak?.kind).toBe(kind);
    expect(leak?.line).not.toContain(secret);
    expect(leak?.line).toContain('█');
  });

  it.each([
    ['as it is', 'rejected my secret "text"'],
    ['in a line of JSON', `{"message":${JSON.stringify('rejected my secret "text"')}}`],
    ['in JSON within JSON', JSON.stringify({ body: JSON.stringify({ sdp: 'my secret "text"' }) })],
    ['in a URL', `GET /${encodeURIComponent('my secret "text"')}`],
  ])('finds what a test sent, %s', (_, line) => {
    const [leak] = leaksIn(line, ['my secret "text"']);
    expect(leak?.kind).toBe('a text that a test sent');
    expect(leak?.line).not.toContain('secret');
  });

  it('finds the beginning of a long text', () => {
    const long = `begin-${'x'.repeat(24_000)}`;
    expect(leaksIn(`too long: ${long.slice(0, 100)}…`, [long])).toHaveLength(1);
  });
});

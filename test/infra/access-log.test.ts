import { describe, expect, it } from 'vitest';
import { HTTP_LOG, WEBSOCKET_LOG } from '#infra/constructs/access-log.ts';
import { ACCESS_LOG_BYTES } from '#test/bench/billed/access-log.ts';

/** What API Gateway writes in the place of each variable, as it looks in an ordinary line. */
const WRITTEN: Readonly<Record<string, string>> = {
  requestId: 'Vx0pGFsfFiAFbkg=',
  requestTime: '31/Jan/2026:09:00:00 +0000',
  eventType: 'MESSAGE',
  routeKey: 'ice.candidate',
  connectionId: 'Vx0n9dM6liACHaw=',
  httpMethod: 'POST',
  path: '/api/v2/video/call/default/7f0c2f6e-3c1b-4f6e-9a53-0d1f4a1f7a55/accept',
  status: '200',
  responseLatency: '120',
  'error.message': '-',
};

const bytesOf = (format: { toString(): string }): number => {
  const line = format.toString().replace(/\$context\.([\w.]+)/g, (_, variable: string) => WRITTEN[variable] ?? '?');
  expect(line).not.toContain('?');
  return Buffer.byteLength(line) + 26;
};

describe('a line of an access log', () => {
  it('is as long as the cost of a call assumes', () => {
    expect({ frame: bytesOf(WEBSOCKET_LOG), request: bytesOf(HTTP_LOG) }).toEqual(ACCESS_LOG_BYTES);
  });
});

import { expect, it } from 'vitest';
import { withRetryAfter } from '#adapters/http2/retry-after.ts';
import { NOON } from '../../support/builders.ts';

const busy = { kind: 'retryable', status: 503, reason: 'busy' } as const;

it.each([
  ['7', 7000],
  ['0', 0],
  ['Fri, 20 Nov 2026 12:00:09 GMT', 9000],
  ['Fri, 20 Nov 2026 11:00:00 GMT', 0],
])('waits as long as Retry-After says: %s', (header, retryAfterMs) => {
  expect(withRetryAfter(busy, header, NOON)).toEqual({ ...busy, retryAfterMs });
});

it.each([undefined, '', 'soon'])('sets no wait if Retry-After is %j', (header) => {
  expect(withRetryAfter(busy, header, NOON)).toEqual(busy);
});

it('sets no wait if the push is not retried', () => {
  const refused = { kind: 'refused', status: 400, reason: 'bad' } as const;
  expect(withRetryAfter(refused, '7', NOON)).toEqual(refused);
});

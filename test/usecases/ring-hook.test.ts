import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { httpsRingHook } from '#adapters/ring-hook/ring-hook.ts';
import type { Measurement } from '#ports/meter.ts';
import { OutgoingError } from '#ports/outgoing.ts';
import { placeCall } from '#usecases/calls/place-call.ts';
import { aRing, callDeps } from '../support/call-deps.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';

useEmbeddedTable();

/** Rings under a hook whose secret is `secret` and whose backend does not answer. */
async function ringWith(secret: object) {
  const { deps } = callDeps();
  const measured: Measurement[] = [];
  const ringHook = httpsRingHook({
    readHookSecret: async () => JSON.stringify(secret),
    outgoing: { send: () => Promise.reject(new OutgoingError('timed_out', 'no answer')) },
    clock: deps.clock,
  });
  const meter = { record: (one: Measurement) => void measured.push(one) };
  const ring = placeCall({ ...deps, ringHook, meter })(aRing(randomUUID(), randomUUID()));
  const outcome = await ring.then(
    ({ call }) => call.status,
    ({ code }) => code,
  );
  return { outcome, measured: measured.map(({ type }) => type) };
}

const HOOK = { url: 'https://backend.example/ring', secret: 'whsec_c2VjcmV0' };
const FAILED = ['ring_hook_asked', 'ring_hook_failed'];

it.each([
  ['open', { ...HOOK, fail: 'open' }, 'ringing'],
  ['closed', { ...HOOK, fail: 'closed' }, 'not_allowed'],
  ['open, unless it says', HOOK, 'ringing'],
  ['open while it is not configured', {}, 'ringing'],
])('a hook that fails %s is counted', async (_, secret, outcome) => {
  expect(await ringWith(secret)).toEqual({ outcome, measured: FAILED });
});

import { expect, it } from 'vitest';
import { tracedToken } from '#domain/push-token/token.ts';
import type { TraceEvent } from '#ports/trace.ts';
import { phoneOutcomes } from '#usecases/reports/phone-outcomes.ts';
import { traceView } from '#wire/views.ts';
import { anAndroidPhone, aRingingCall, NOON } from '../../support/builders.ts';

const call = { ...aRingingCall(['bob']), status: 'ended' as const, endedAt: NOON };
const ring_id = call.ringIds.at(-1) ?? '';

/** Rows of the trace about phones whose tokens end alike. */
const rows = ['a', 'b'].flatMap((key): TraceEvent[] => {
  const pushToken = anAndroidPhone({ userId: 'bob', token: `${key}-same-end`, key: `${key}`.repeat(43) });
  const details = { ...tracedToken(pushToken), type: 'call.ring', ring_id };
  const last = key === 'a' ? 'push.accepted' : 'push.failed';
  return ['push.attempted', last].map((event) => ({ at: NOON, event, userId: 'bob', details }));
});

it('tells phones apart whose tokens end alike, as the record does and nobody sees', async () => {
  const outcomes = phoneOutcomes({
    traces: { read: async () => rows },
    clock: () => NOON,
    wait: async () => undefined,
  });
  const device = 'same-end';
  expect((await outcomes(call)).get('bob')).toEqual([
    { provider: 'firebase', device, outcome: 'accepted' },
    { provider: 'firebase', device, outcome: 'failed' },
  ]);
  const { trace } = traceView(rows, [], 'server');
  expect(trace[0]).toMatchObject({ device });
  expect(trace[0]).not.toHaveProperty('device_key');
});

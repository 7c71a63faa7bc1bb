import { describe, expect, it } from 'vitest';
import type { Measurement } from '#ports/meter.ts';
import type { PushOutcome } from '#ports/push-sender.ts';
import { embeddedLines, readEmbedded } from '../../support/embedded-metric.ts';

/** The metric that a measurement becomes in the log. */
function metricOf(measurement: Measurement) {
  const lines = embeddedLines('prod', measurement);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^[^\n]+\n$/);
  return readEmbedded(lines[0] ?? '');
}

const cid = 'default:c1';
const attempt = (outcome: PushOutcome) =>
  metricOf({ type: 'push_attempted', cid, provider: 'apn', push: 'ring', attempt: 1, outcome });

describe('a measurement', () => {
  it('is one line in the embedded metric format, with the dimension stage', () => {
    expect(metricOf({ type: 'member_rung', cid })).toEqual({
      name: 'MembersRung',
      unit: 'Count',
      value: 1,
      sets: [['stage']],
      fields: { stage: 'prod', call_cid: cid, MembersRung: 1 },
    });
  });

  it.each<[Measurement, string]>([
    [{ type: 'callee_unreachable', cid, reason: 'no_devices' }, 'CalleesUnreachable'],
    [{ type: 'provider_failing', provider: 'apn', name: 'default', reason: 'BadTopic' }, 'ProvidersFailing'],
    [{ type: 'stop_failed', cid }, 'StopsFailed'],
    [{ type: 'connection_refused', dialect: 'rooms', reason: 'expired' }, 'ConnectionsRefused'],
    [{ type: 'contended' }, 'Contended'],
    [{ type: 'row_unreadable', row: 'DEVICE' }, 'RowsUnreadable'],
    [{ type: 'internal_error' }, 'InternalErrors'],
  ])('%o counts as %s', (measurement, name) => {
    expect(metricOf(measurement)).toMatchObject({ name, unit: 'Count', value: 1 });
  });

  it('of time is in milliseconds, for all push services together and for each one', () => {
    expect(metricOf({ type: 'ring_taken', cid, provider: 'firebase', ms: 412 })).toMatchObject({
      name: 'RingToPush',
      unit: 'Milliseconds',
      value: 412,
      sets: [['stage'], ['stage', 'provider']],
      fields: { provider: 'firebase', call_cid: cid },
    });
  });
});

describe('an attempt at a push', () => {
  it('is counted by push service, and by push service and outcome', () => {
    expect(attempt({ kind: 'accepted', messageId: 'm' })).toMatchObject({
      name: 'PushAttempts',
      sets: [
        ['stage', 'provider'],
        ['stage', 'provider', 'outcome'],
      ],
      fields: { provider: 'apn', outcome: 'accepted', push: 'ring', attempt: 1 },
    });
  });

  it.each<[PushOutcome, string]>([
    [{ kind: 'unregistered', status: 410, reason: 'Unregistered' }, 'dead_token'],
    [{ kind: 'wrong_environment', status: 400, reason: 'BadDeviceToken' }, 'dead_token'],
    [{ kind: 'retryable', status: 503, reason: 'ServiceUnavailable' }, 'unavailable'],
    [{ kind: 'retryable', status: 0, reason: 'timeout' }, 'unavailable'],
    [{ kind: 'retryable', status: 429, reason: 'TooManyRequests' }, 'throttled'],
    [{ kind: 'refused', status: 403, reason: 'InvalidProviderToken' }, 'refused'],
  ])('that ended with %o has the outcome %s, with its status and reason', (outcome, expected) => {
    const { fields } = attempt(outcome);
    expect(fields).toMatchObject({ outcome: expected, status: 'status' in outcome && outcome.status });
    expect(fields).toHaveProperty('reason', 'reason' in outcome && outcome.reason);
  });

  it('counts as refused if it was withheld because its provider refuses everything', () => {
    const { fields } = attempt({ kind: 'withheld', reason: 'BadTopic' });
    expect(fields).toMatchObject({ outcome: 'refused', reason: 'BadTopic' });
    expect(fields).not.toHaveProperty('status');
  });

  it('does not have the token that a reason quotes', () => {
    const { fields } = attempt({ kind: 'retryable', status: 0, reason: `no stream for ${'ab'.repeat(32)}` });
    expect(fields['reason']).toBe('no stream for [removed]');
  });
});

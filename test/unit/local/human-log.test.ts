import { describe, expect, it } from 'vitest';
import { humanLine } from '#local/human-log.ts';

const NOW = new Date(2026, 0, 2, 3, 4, 5, 67);

const metric = (name: string, fields: object = {}, value = 1): string =>
  `[RingWorker] ${JSON.stringify({
    _aws: { Timestamp: NOW.getTime(), CloudWatchMetrics: [{ Namespace: 'Carillon', Metrics: [{ Name: name }] }] },
    call_cid: 'default:one',
    ...fields,
    [name]: value,
  })}`;

const thrown = (errorType: string, errorMessage: string): string =>
  JSON.stringify({
    ...{ timestamp: NOW, level: 'ERROR', requestId: 'r' },
    message: { errorType, errorMessage, stackTrace: ['a'] },
  });

const report = (status: string, errorType: string | undefined, type = 'platform.report'): string =>
  JSON.stringify({
    ...{ time: NOW, type },
    record: { requestId: 'r', status, errorType, metrics: { durationMs: 10_002.7 } },
  });

const push = { push: 'ring', attempt: 1, provider: 'firebase', outcome: 'accepted' };

describe('a line of the log for people', () => {
  it.each([
    [metric('MembersRung'), 'default:one  a callee is being rung'],
    [metric('PushAttempts', push), 'default:one  ring push to FCM: accepted'],
    [
      metric('PushAttempts', { ...push, provider: 'apn', outcome: 'dead_token', status: 410, reason: 'Unregistered' }),
      'default:one  ring push to APNs: refused, its token is dead and was removed (410 Unregistered)',
    ],
    [
      metric('PushAttempts', { ...push, attempt: 2, outcome: 'unavailable', status: 0, reason: 'GOAWAY' }),
      'default:one  ring push to FCM, attempt 2: unavailable (GOAWAY)',
    ],
    [metric('RingToPush', { provider: 'apn' }, 46), 'default:one  APNs took the ring after 46 ms'],
    [metric('CalleesUnreachable', { reason: 'no_devices' }), 'default:one  a callee cannot be reached: no devices'],
    [metric('SomethingNew', {}, 3), 'default:one  SomethingNew 3'],
    [metric('ConnectionsRefused', { call_cid: undefined }), 'a WebSocket was refused: its token is not valid'],
    [
      '[Http] {"level":"ERROR","message":"internal error","request_id":"r","error":{"name":"TypeError","message":"no"}}',
      'Http  error: internal error (TypeError: no)',
    ],
    [
      '[Http] {"level":"WARN","message":"a trace was lost","call_cid":"default:one"}',
      'default:one  warn: a trace was lost',
    ],
    [`[Http] ${report('timeout', undefined)}`, 'Http  timeout after 10003 ms'],
    [`[Http] ${report('failure', 'Runtime.ExitError')}`, 'Http  failure: Runtime.ExitError after 10003 ms'],
    [`[Http] ${thrown('TypeError', 'no')}`, 'Http  error: TypeError: no'],
    ['[Http] {"some":"json"}', 'Http  {"some":"json"}'],
  ])('%s', (line, text) => {
    expect(humanLine(line, NOW)).toBe(`03:04:05.067  ${text}`);
  });

  it('has no stacks, and no refusal twice', () => {
    expect(humanLine('[Http]     at handler (file:///index.mjs:1:2)', NOW)).toBeUndefined();
    expect(humanLine(`[Connection] ${thrown('Unauthorized', 'Unauthorized')}`, NOW)).toBeUndefined();
    expect(humanLine(`[Connection] ${report('error', 'Unauthorized')}`, NOW)).toBeUndefined();
    expect(humanLine(`[Http] ${report('timeout', undefined, 'platform.runtimeDone')}`, NOW)).toBeUndefined();
  });

  it('leaves what the stack itself says as it is', () => {
    expect(humanLine('front door: Error: no', NOW)).toBe('front door: Error: no');
  });
});

import { describe, expect, it } from 'vitest';
import { openUsage } from '#local/lab/metering/usage.ts';
import { readSettings } from '#local/settings.ts';

describe('usage', () => {
  it('counts started units of what is billed by size', () => {
    const usage = openUsage(false);
    usage.queueRequest('ring', 65_536, 1);
    usage.queueRequest('ring', 65_537, 2);
    usage.httpRequest(0);
    usage.httpRequest(524_289);
    usage.sockets.received('x'.repeat(32_768));
    usage.sockets.sent('ä'.repeat(16_385));
    expect(usage.report()).toMatchObject({
      sqs: { ring: { requests: 3, messages: 3 } },
      http: { requests: 3 },
      websocket: { messages_in: 1, messages_out: 2 },
    });
  });

  it('rounds every invocation and every initialisation up to a millisecond, and counts logs as CloudWatch does', () => {
    const usage = openUsage(false);
    const meter = usage.ofFunction('ring', 1024);
    meter.initialised(100.2);
    meter.answered(0.1);
    meter.answered(3.9);
    meter.logged('öl');
    expect(usage.report().lambda).toEqual({
      ring: {
        invocations: 2,
        billed_ms: 106,
        init_ms: 101,
        memory_mb: 1024,
        cold_starts: 1,
        log_events: 1,
        log_bytes: 3 + 26,
      },
    });
  });

  it('includes the table only if it is metered', () => {
    expect(openUsage(false).report()).not.toHaveProperty('dynamodb');
    expect(openUsage(true).report()).toHaveProperty('dynamodb', {});
  });

  it('of the table is counted if the settings say so, and only with the embedded engine', () => {
    expect(readSettings({}).metersTable).toBe(false);
    expect(readSettings({ CARILLON_METER: '1' }).metersTable).toBe(true);
    const own = { CARILLON_METER: '1', AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000' };
    expect(() => readSettings(own)).toThrow('CARILLON_METER');
  });

  it('starts anew with a reset, also for connections that stay open', async () => {
    const usage = openUsage(true);
    const closed = usage.sockets.opened();
    usage.table.add('call', { writes: 1, write_units: 2 });
    usage.ofFunction('ring', 1024).answered(1);
    usage.queueRequest('ring', 0, 0);
    usage.httpRequest(0);
    const opened = performance.now();
    while (performance.now() - opened < 20) await new Promise((resolve) => setImmediate(resolve));
    expect(usage.report().websocket.connection_ms).toBeGreaterThanOrEqual(19);
    usage.reset();
    const since = performance.now();
    closed();
    const { connection_ms, ...websocket } = usage.report().websocket;
    expect(connection_ms).toBeLessThanOrEqual(Math.ceil(performance.now() - since));
    expect(websocket).toEqual({ messages_in: 0, messages_out: 0, connections: 0 });
    expect(usage.report()).toMatchObject({ dynamodb: {}, sqs: {}, lambda: {}, http: { requests: 0 } });
  });
});

import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { edgeGate } from '#kit/entry/edge-gate.ts';
import { entryPoint } from '#kit/entry/entry-point.ts';
import { MARGIN_MS } from '#kit/entry/in-time.ts';
import { logContext } from '#kit/entry/log-context.ts';
import { seal } from '#kit/entry/seal.ts';
import { httpHandler } from '#kit/http/http-handler.ts';
import type { Route } from '#kit/http/route.ts';
import { log } from '#kit/observe/log.ts';

const handle = async (): Promise<string> => 'done';

describe('an entry point', () => {
  beforeEach(() => vi.stubEnv('STAGE', 'test'));

  it('builds what its handler works with before the first event', () => {
    const early = vi.fn();
    entryPoint(handle, { early, use: [seal()] });
    expect(early).toHaveBeenCalledOnce();
  });

  it('starts even if that cannot be built yet', async () => {
    const early = () => {
      throw new Error('TABLE_NAME is missing');
    };
    await expect(entryPoint<number, string>(handle, { early, use: [seal()] })(1)).resolves.toBe('done');
  });

  it('puts the ids of its invocation into every line that it logs', async () => {
    const lines: string[] = [];
    const spy = vi.spyOn(console, 'warn').mockImplementation((line: string) => void lines.push(line));
    vi.stubEnv('POWERTOOLS_DEV', 'true');
    const warn = async () => log.warn('look');
    const use = [logContext<string>({ ids: (event) => ({ connection_id: event }) })];
    await entryPoint<string, void>(warn, { use })('c1', { awsRequestId: 'r1', functionName: 'Signal' });
    spy.mockRestore();
    expect(JSON.parse(lines.join(''))).toMatchObject({
      message: 'look',
      connection_id: 'c1',
      function_name: 'Signal',
      function_request_id: 'r1',
    });
  });
});

it('answers a request that takes longer than its invocation may', async () => {
  vi.stubEnv('STAGE', 'test');
  const slow: Route = { method: 'GET', path: '/slow', kinds: [], handle: () => new Promise(() => undefined) };
  const handler = httpHandler({
    cameThroughEdge: () => edgeGate(undefined),
    routes: () => [slow],
    early: () => undefined,
  });
  const event = { requestContext: { requestId: 'a', http: { method: 'GET', path: '/slow' } }, headers: {} };
  const getRemainingTimeInMillis = () => MARGIN_MS + 10;
  const { statusCode, body = '' } = await handler(event as unknown as APIGatewayProxyEventV2, {
    getRemainingTimeInMillis,
  });
  expect(statusCode).toBe(500);
  expect(JSON.parse(body)).toMatchObject({ code: 'internal', request_id: expect.any(String) });
});

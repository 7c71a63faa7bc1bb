import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as yieldToIo } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, expect, it, vi } from 'vitest';
import { type Channel, http2Channel } from '#adapters/http2/channel.ts';
import { aService } from '../support/push/a-service.ts';
import { aServiceBeside } from '../support/push/service-beside.ts';

// Lambda stops a function's process between two invocations. When it goes on, what has arrived at its sockets and its
// overdue timers are there at the same time.

const closing: (() => unknown)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of closing.splice(0)) await close();
});

const PATIENCE_MS = 10_000;

const post = (channel: Channel, timeoutMs = PATIENCE_MS) =>
  channel.send({ path: '/', headers: {}, body: '{}' }, timeoutMs);

/** Stops this thread: nothing is read and no timer fires. */
const freeze = (ms: number): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

it('reads an answer that came during a freeze before the time-out of the request takes effect', async () => {
  const service = await aServiceBeside();
  closing.push(service.close);
  const channel = http2Channel(service.endpoint);
  await post(channel);
  const received = service.received();
  const sent = post(channel, 1000);
  await received;
  freeze(1500);
  expect(await sent).toMatchObject({ status: 200 });
});

it('reads the answer to a ping that came during a freeze before it opens another connection', async () => {
  const service = await aServiceBeside();
  closing.push(service.close);
  const channel = http2Channel(service.endpoint);
  await post(channel);
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + 120_000);
  const sent = post(channel);
  // The ping leaves in this turn; its answer cannot be read before the freeze.
  await yieldToIo();
  freeze(1000);
  expect(await sent).toMatchObject({ status: 200, text: '1' });
  expect(await post(channel)).toMatchObject({ text: '1' });
});

it('does not keep a process alive', async () => {
  const service = await aService(({ answer }) => answer());
  const directory = await mkdtemp(join(tmpdir(), 'carillon-ca-'));
  closing.push(service.close, () => rm(directory, { recursive: true }));
  const authority = join(directory, 'ca.pem');
  await writeFile(authority, service.caPem);
  const script = `
    import { http2Channel } from '#adapters/http2/channel.ts';
    const channel = http2Channel('${service.endpoint}');
    const { status } = await channel.send({ path: '/', headers: {}, body: '{}' }, ${PATIENCE_MS});
    console.log(status);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: { NODE_EXTRA_CA_CERTS: authority },
    timeout: 4 * PATIENCE_MS,
  });
  expect(stdout.trim()).toBe('200');
});

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, expect, it, vi } from 'vitest';
import { type Channel, http2Channel } from '#adapters/http2/channel.ts';
import { aService } from '../support/push/a-service.ts';
import { aServiceBeside } from '../support/push/service-beside.ts';

// A function's process is stopped between two invocations. What reached its sockets meanwhile waits for it beside timers that are overdue.

const closing: (() => unknown)[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const close of closing.splice(0)) await close();
});

const post = (channel: Channel, timeoutMs: number) => channel.send({ path: '/', headers: {}, body: '{}' }, timeoutMs);

/** Stops this thread: nothing is read and no timer fires. */
const freeze = (ms: number): unknown => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

it('reads the answer that came during a freeze before it takes the request for timed out', async () => {
  const service = await aServiceBeside();
  closing.push(service.close);
  const channel = http2Channel(service.endpoint);
  await post(channel, 3000);
  const received = service.received();
  const sent = post(channel, 300);
  await received;
  freeze(500);
  expect(await sent).toMatchObject({ status: 200 });
});

it('reads the proof that came during a freeze before it opens another connection', async () => {
  const service = await aServiceBeside();
  closing.push(service.close);
  const channel = http2Channel(service.endpoint);
  await post(channel, 3000);
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + 120_000);
  const sent = post(channel, 3000);
  // The question leaves in this turn; the answer cannot be read before the freeze.
  await turn();
  freeze(500);
  expect(await sent).toMatchObject({ status: 200, text: '1' });
  expect(await post(channel, 3000)).toMatchObject({ text: '1' });
});

it('keeps no process alive by itself', async () => {
  const service = await aService(({ answer }) => answer());
  const directory = await mkdtemp(join(tmpdir(), 'carillon-ca-'));
  closing.push(service.close, () => rm(directory, { recursive: true }));
  const authority = join(directory, 'ca.pem');
  await writeFile(authority, service.caPem);
  const script = `
    import { http2Channel } from '#adapters/http2/channel.ts';
    const channel = http2Channel('${service.endpoint}');
    const { status } = await channel.send({ path: '/', headers: {}, body: '{}' }, 3000);
    console.log(status);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
    env: { NODE_EXTRA_CA_CERTS: authority },
    timeout: 10_000,
  });
  expect(stdout.trim()).toBe('200');
});

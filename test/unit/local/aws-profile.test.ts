import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendJson } from '#local/aws/http-messages.ts';
import { startInternalServer } from '#local/aws/internal-server.ts';
import { watchedProcesses } from '#local/aws/processes.ts';
import { openQueue } from '#local/aws/sqs/queue.ts';
import { AWS_DELAYS } from '#local/lab/delays/aws-delays.ts';
import { lateBy, openDelays } from '#local/lab/delays/delays.ts';
import { hopOf } from '#local/lab/delays/hop-of.ts';
import { drawMs } from '#local/lab/delays/lognormal.ts';
import { seededRandom } from '#local/lab/faults/seeded-random.ts';
import { openProcessorShares, type ProcessorShares } from '#local/lab/processors/control-groups.ts';
import { quotaUs } from '#local/lab/processors/share.ts';
import { readSettings } from '#local/settings.ts';
import { startTestHost, type TestHost } from './a-lambda-host.ts';

describe('a delay of the profile aws', () => {
  it('has the median and the 99th percentile of its distribution', () => {
    const random = seededRandom(7);
    const drawn = Array.from({ length: 50_000 }, () => drawMs({ p50_ms: 16, p99_ms: 105 }, random));
    const sorted = drawn.toSorted((a, b) => a - b);
    expect(sorted[25_000]).toBeCloseTo(16, 0);
    expect(Math.abs((sorted[49_500] ?? 0) - 105)).toBeLessThan(5);
    expect(sorted[0]).toBeGreaterThan(0);
  });

  it('is the same in every run, whatever else is drawn', () => {
    const [one, other] = [openDelays(1), openDelays(1)];
    other.nextMs('post');
    const drawn = Array.from({ length: 5 }, () => one.nextMs('sqs_hop'));
    expect(Array.from({ length: 5 }, () => other.nextMs('sqs_hop'))).toEqual(drawn);
    expect(new Set(drawn).size).toBe(5);
  });

  it('has figures that say where they are from', () => {
    for (const { p50_ms, p99_ms, source } of Object.values(AWS_DELAYS)) {
      expect(p99_ms).toBeGreaterThan(p50_ms);
      expect(source).toMatch(/^https:\/\//);
    }
  });

  it.each([
    ['POST', '/', 'DynamoDB_20120810.GetItem', 'dynamodb_read'],
    ['POST', '/', 'DynamoDB_20120810.UpdateItem', 'dynamodb_write'],
    ['POST', '/', 'DynamoDB_20120810.TransactWriteItems', 'dynamodb_transaction'],
    ['POST', '/', 'AmazonSQS.SendMessageBatch', 'sqs_send'],
    ['POST', '/', 'AmazonSQS.ReceiveMessage', undefined],
    ['POST', '/ws/%40connections/abc%3D', undefined, 'post'],
    ['GET', '/ws/@connections/abc=', undefined, undefined],
    ['POST', '/2018-06-01/runtime', undefined, undefined],
  ])('is that of %s %s %s', (method, url, target, hop) => {
    expect(hopOf({ method, url, headers: { 'x-amz-target': target } })).toBe(hop);
  });

  it('comes before the service sees the request', async () => {
    const seen: string[] = [];
    let pass: () => void = () => undefined;
    const passed = new Promise<void>((resolve) => {
      pass = resolve;
    });
    const wait = async (hop: string): Promise<void> => {
      seen.push(hop);
      await passed;
    };
    const server = await startInternalServer(() => undefined, { nextMs: () => 0, wait });
    server.serve({
      matches: () => true,
      handle(_, response) {
        seen.push('handled');
        sendJson(response, 200, {});
      },
    });
    const ask = (target: string) =>
      fetch(server.url, { method: 'POST', headers: { 'x-amz-target': target }, body: '{}' });
    const late = ask('DynamoDB_20120810.Query');
    await expect.poll(() => seen).toEqual(['dynamodb_read']);
    pass();
    expect((await late).status).toBe(200);
    expect((await ask('AmazonSQS.DeleteMessage')).status).toBe(200);
    expect(seen).toEqual(['dynamodb_read', 'handled', 'handled']);
    server.stop();
  });

  it('comes before a message can be received, which counts as in flight until then', async () => {
    const none = { duplicate: false, shuffle: false };
    const spec = { name: 'Queue', arn: 'arn', url: 'http://queue', delayS: 0, visibilityMs: 1000, redrive: undefined };
    const queue = openQueue(
      spec,
      none,
      () => undefined,
      () => 20,
    );
    const available = new Promise<void>((resolve) => queue.onAvailable(resolve));
    queue.send({ body: 'x' });
    expect(queue.receive(1)).toEqual([]);
    expect(queue.state()).toMatchObject({ visible: 0, in_flight: 1, delayed: 0 });
    await available;
    expect(queue.receive(1)).toMatchObject([{ body: 'x' }]);
  });

  it('comes before an invocation, whose result and errors pass through', async () => {
    const asked: string[] = [];
    const delays = {
      wait: () => Promise.resolve(),
      nextMs(hop: string) {
        asked.push(hop);
        return 1;
      },
    };
    const [echo] = lateBy(
      delays,
      ['gateway', 'invocation'],
      [{ name: 'Echo', invoke: async (event) => (event === 'bad' ? Promise.reject(new Error('bad')) : event) }],
    );
    expect(await echo?.invoke('good')).toBe('good');
    await expect(echo?.invoke('bad')).rejects.toThrow('bad');
    expect(asked).toEqual(['gateway', 'invocation', 'gateway', 'invocation']);
  });

  it('is asked for by a setting, and only with the embedded engine', () => {
    expect(readSettings({})).toMatchObject({ likeAws: false, guardsTable: false, memoryMb: undefined });
    const of = { CARILLON_PROFILE: 'aws', CARILLON_MEMORY_MB: '1769' };
    expect(readSettings(of)).toMatchObject({ likeAws: true, guardsTable: true, memoryMb: 1769 });
    const own = { ...of, AWS_ENDPOINT_URL_DYNAMODB: 'http://127.0.0.1:8000' };
    expect(() => readSettings(own)).toThrow('CARILLON_PROFILE');
    expect(() => readSettings({ CARILLON_PROFILE: 'azure' })).toThrow('CARILLON_PROFILE');
    expect(() => readSettings({ CARILLON_MEMORY_MB: 'much' })).toThrow('CARILLON_MEMORY_MB');
  });
});

describe('the processor share of a function', () => {
  it('is that of its memory: 1769 MB have one processor', () => {
    expect([128, 512, 1769, 3008].map(quotaUs)).toEqual([1447, 5789, 20_000, 34_008]);
  });

  it.each([
    ['1', { 'cpu/cpu.cfs_quota_us': '-1' }, 'cpu', { 'cpu.cfs_period_us': '20000', 'cpu.cfs_quota_us': '5789' }],
    ['2', { 'cgroup.controllers': 'cpu io', 'cgroup.subtree_control': 'cpu' }, '', { 'cpu.max': '5789 20000' }],
  ])('is written as control groups of version %s have it', (_, files, below, expected) => {
    const root = mkdtempSync(join(tmpdir(), 'carillon-groups-'));
    mkdirSync(join(root, 'cpu'));
    for (const [file, content] of Object.entries(files)) writeFileSync(join(root, file), content);
    const shares = openProcessorShares(root);
    if (!('limit' in shares)) throw new Error(shares.unavailable);
    expect(shares.directory).toMatch(join(root, below, 'carillon-'));
    shares.limit(4711, 512);
    const written = Object.keys({ ...expected, 'cgroup.procs': '' }).map((file) => [
      file,
      readFileSync(join(shares.directory, '4711', file), 'utf8'),
    ]);
    expect(Object.fromEntries(written)).toEqual({ ...expected, 'cgroup.procs': '4711' });
  });

  it('cannot be had without control groups', () => {
    const root = mkdtempSync(join(tmpdir(), 'carillon-groups-'));
    expect(openProcessorShares(root)).toEqual({ unavailable: `there is no cgroup for cpu in ${root}` });
  });
});

const here = openProcessorShares();
if ('unavailable' in here) process.stderr.write(`Control groups are not tested here: ${here.unavailable}\n`);
const groups: ProcessorShares | undefined = 'limit' in here ? here : undefined;

describe.runIf(groups)('a process of a function, in its control group', () => {
  let host: TestHost;
  const directory = groups?.directory ?? '';

  beforeAll(async () => {
    host = await startTestHost();
  });
  afterAll(() => host.stop());

  it('has the quota of its memory once it has initialised, and loses the group with its end', async () => {
    const pool = host.aFunction({ ...(groups && { limitProcessor: groups.limit }) });
    expect(readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory())).toEqual([]);
    await pool.warm();
    const [group = ''] = readdirSync(directory, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [join(directory, entry.name)] : [],
    );
    const written = ['cpu.cfs_quota_us', 'cpu.max'].filter((file) => existsSync(join(group, file)));
    expect(written.map((file) => readFileSync(join(group, file), 'utf8'))[0]).toMatch(/^1447\b/);
    const [pid] = readFileSync(join(group, 'cgroup.procs'), 'utf8').split('\n');
    expect(group).toBe(join(directory, String(pid)));
    pool.crash();
    await expect.poll(() => existsSync(group), { timeout: 10_000 }).toBe(false);
  });

  it('goes with the stack, however that ends', async () => {
    const processes = watchedProcesses(mkdtempSync(join(tmpdir(), 'carillon-test-')));
    processes.removeLater(directory);
    const child = processes.spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await once(child, 'spawn');
    groups?.limit(child.pid ?? 0, 512);
    // As after a kill, nobody else removes anything: the watchdog alone sees the pipe close.
    await processes.stop();
    expect(existsSync(directory)).toBe(false);
  });
});

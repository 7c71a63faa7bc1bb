import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, ListTablesCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startEngine } from '#local/aws/dynamodb/engine.ts';
import { type Processes, watchedProcesses } from '#local/aws/processes.ts';
import { localClient } from '../../tools/local-stack.ts';
import { createTable } from '../support/dynamodb-setup.ts';
import { deviceOn, type OwnStack, startOwnStack } from '../support/own-stack.ts';
import { callPath, eventually, keysOf, LONG_RING, unique } from '../support/people.ts';

// The drill of the runbook's "Restore the table". The embedded DynamoDB restores nothing, so a copy is made instead.

let processes: Processes;
let endpoint: string;
let db: DynamoDBDocumentClient;
beforeAll(async () => {
  processes = watchedProcesses(await mkdtemp(join(tmpdir(), 'carillon-restore-')));
  endpoint = await startEngine(processes, undefined);
  db = DynamoDBDocumentClient.from(new DynamoDBClient(localClient(endpoint)));
});
afterAll(() => processes.stop());

const start = (settings: object): Promise<OwnStack> =>
  startOwnStack({
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    // A member who has no connection has soon left.
    CARILLON_SETTINGS: JSON.stringify({ events: false, vanish_grace: 1, answer_grace: 1, ...settings }),
  });

/** The table as it is now, under another name. */
async function restore(): Promise<string> {
  const { TableNames: [TableName = ''] = [] } = await db.send(new ListTablesCommand({}));
  const restored = `${TableName}-restored`;
  await createTable(db, restored);
  for await (const { Items = [] } of paginateScan({ client: db, pageSize: 25 }, { TableName })) {
    const puts = Items.map((Item) => ({ PutRequest: { Item } }));
    if (puts.length > 0) await db.send(new BatchWriteCommand({ RequestItems: { [restored]: puts } }));
  }
  const TimeToLiveSpecification = { AttributeName: 'ttl', Enabled: true };
  await db.send(new UpdateTimeToLiveCommand({ TableName: restored, TimeToLiveSpecification }));
  return restored;
}

/** Rings somebody over REST, and returns the id of the call. */
async function ring(stack: OwnStack, caller: string, callee: string, more: object = LONG_RING): Promise<string> {
  const id = unique('call');
  const body = { members: [{ user_id: callee }], ring: true, ...more };
  expect((await stack.request('POST', callPath(id), { user_id: caller }, body)).status).toBe(201);
  return id;
}

const statusOf = async (stack: OwnStack, id: string, user_id: string): Promise<string> =>
  (await stack.request('GET', callPath(id), { user_id })).body.call.status;

/** How many pushes of a type a device has received. */
async function pushesTo(stack: OwnStack, token: string, type: string): Promise<number> {
  const { pushes } = (await stack.request('GET', `/_local/pushes?token=${token}`, {})).body;
  return pushes.filter((push: Parameters<typeof keysOf>[0]) => keysOf(push)['type'] === type).length;
}

async function register(stack: OwnStack, user_id: string): Promise<string> {
  const device = await deviceOn(stack, 'firebase');
  expect((await stack.request('POST', '/api/v2/devices', { user_id }, device)).status).toBe(201);
  return device.id;
}

it('a restored table: what is lost, what comes back, who is rung again, and that phones ring', async () => {
  const [alice, bob, carol] = [unique('alice'), unique('bob'), unique('carol')];
  const [dave, erin, frank] = [unique('dave'), unique('erin'), unique('frank')];
  const before = await start({});
  const [his, hers] = [await register(before, bob), await register(before, carol)];
  const talk = await ring(before, dave, carol);
  expect((await before.request('POST', callPath(talk, '/accept'), { user_id: carol })).status).toBe(200);
  const rung = await ring(before, alice, bob);
  await eventually(async () => (await pushesTo(before, his, 'call.ring')) === 1, 'the push to bob');
  const short = await ring(before, erin, frank, { settings_override: { ring: { auto_cancel_timeout_ms: 5000 } } });

  const restored = await restore();
  const lost = await register(before, bob);
  const later = await ring(before, frank, bob);
  for (const [id, user_id] of [[talk, dave] as const, [rung, alice] as const]) {
    expect((await before.request('POST', callPath(id, '/mark_ended'), { user_id })).status).toBe(200);
  }
  await before.stop();

  const after = await start({ restored_table: restored });
  try {
    // Lost is what was written since.
    const { devices } = (await after.request('GET', '/api/v2/devices', { user_id: bob })).body;
    expect(devices.map(({ id }: { id: string }) => id)).toEqual([his]);
    expect(lost).not.toBe(his);
    expect((await after.request('GET', callPath(later), { user_id: frank })).status).toBe(404);
    // What had ended since comes back, but for what a deadline has ended.
    expect(await statusOf(after, rung, alice)).toBe('ringing');
    expect(await statusOf(after, talk, dave)).toBe('active');
    await eventually(async () => (await statusOf(after, short, erin)) === 'ended', 'the end of the short ring');
    // A ring that is still on rings again where the callee connects. It is not pushed again.
    const socket = await after.connect({ user_id: bob });
    expect((await socket.next('call.ring'))['call_cid']).toBe(`default:${rung}`);
    expect(await pushesTo(after, his, 'call.ring')).toBe(0);
    // The first ring to somebody in a call that came back finds them busy, and has it looked into; then it rings.
    await ring(after, frank, carol);
    await eventually(async () => (await statusOf(after, talk, dave)) === 'ended', 'the end of the call that came back');
    expect(await pushesTo(after, hers, 'call.ring')).toBe(0);
    await ring(after, frank, carol);
    await eventually(async () => (await pushesTo(after, hers, 'call.ring')) === 1, 'the push to carol');
    await socket.close();
  } finally {
    await after.stop();
  }
});

import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { listening } from '#test/support/program.ts';
import type { Call, Evidence } from '../../../tools/why/evidence.ts';
import { clockIn, momentOf } from '../../../tools/why/moment.ts';
import { readOptions } from '../../../tools/why/options.ts';
import { stageRefusals } from '../../../tools/why/refusals.ts';
import { report } from '../../../tools/why/report.ts';

const NOON = Date.parse('2026-11-20T12:00:00Z');
const iso = (at: number | undefined) => at && new Date(at).toISOString();

describe('a time', () => {
  it.each([
    ['11:05', 'UTC', '2026-11-20T11:05:00.000Z'],
    ['12:05', 'UTC', '2026-11-19T12:05:00.000Z'],
    ['12:05', 'Europe/Berlin', '2026-11-20T11:05:00.000Z'],
    ['23:30', 'Pacific/Auckland', '2026-11-20T10:30:00.000Z'],
    ['9:05:07', 'Asia/Kathmandu', '2026-11-20T03:20:07.000Z'],
    ['2026-07-01 14:05', 'Europe/Berlin', '2026-07-01T12:05:00.000Z'],
    ['2026-07-01T14:05', 'America/New_York', '2026-07-01T18:05:00.000Z'],
    ['2026-07-01T14:05:00+05:30', 'America/New_York', '2026-07-01T08:35:00.000Z'],
    // The clocks jump over it, and show it twice.
    ['2026-03-29 02:30', 'Europe/Berlin', '2026-03-29T01:30:00.000Z'],
    ['2026-10-25 02:30', 'Europe/Berlin', expect.stringMatching(/T0[01]:30/)],
  ])('%s in %s', (said, tz, at) => expect(iso(momentOf(said, tz, NOON))).toEqual(at));

  it.each([
    '',
    'noon',
    '25:00',
    '14:60',
    '2026-02-30 14:05',
    '2026-13-01 14:05',
    '14',
    '2026-11-20',
    '2026-11-31T14:05:00Z x',
  ])('is none: %s', (said) => expect(momentOf(said, 'Europe/Berlin', NOON)).toBeUndefined());

  it('is printed as the clocks of its zone show it', () =>
    expect(clockIn(NOON, 'America/New_York')).toBe('2026-11-20 07:00:00'));
});

describe('the options', () => {
  it('default to now, on the local stack, by the name of whoever asks', () => {
    expect(readOptions(['--user', 'auth0|a+b@x.example'], NOON)).toMatchObject({
      ...{ user: 'auth0|a+b@x.example', at: NOON, url: 'http://127.0.0.1:8181', withinMs: 900_000 },
      name: expect.stringMatching(/./),
    });
    const name = '😀'.repeat(128);
    expect(readOptions(['--user', 'a', '--name', name], NOON)).toMatchObject({ name });
    expect(readOptions(['--help'], NOON)).toBeUndefined();
  });

  it.each([
    [[], '--user: name the user'],
    [['--user', 'a b'], '--user: must be'],
    [['--user', 'a', '--at', 'noon'], '--at: noon is not a time'],
    [['--user', 'a', '--tz', 'Mars'], '--tz: must be a time zone'],
    [['--user', 'a', '--within', '0'], '--within: must be at least 1 minutes'],
    [['--user', 'a', '--within', ''], '--within: must be a number of minutes'],
    [['--user', 'a', '--within', '1e1'], '--within: must be a number of minutes'],
    [['--user', 'a', '--within', '0x10'], '--within: must be a number of minutes'],
    [['--user', 'a', '--stage', 'prod', '--url', 'http://x'], '--stage takes the place of --url'],
    [['--user', 'a', '--url', 'x'], '--url: must be an http or https URL'],
    [['--user', 'a', '--name', '😀'.repeat(129)], '--name: must be at most 128 characters'],
    [['--user', 'a', '--name', ' '], '--name: must not be empty'],
  ])('say what is wrong, once: %j', (args, message) => {
    expect(() => readOptions(args, NOON)).toThrow(message);
    expect(() => readOptions(args, NOON)).not.toThrow(/--(\w+):.*--\1:/);
  });
});

const RING = '0d9b6a52-6f0e-4a0c-9a43-6c1f0f2b7e11';

/** A call of alice’s that bob did not answer. */
const aCall = (extra: Partial<Call> = {}): Call => ({
  call: {
    ...{ id: 'c1', type: 'default', cid: 'default:c1', call_uuid: RING, version: 2, custom: {}, video: false },
    ...{ created_by: { id: 'alice', name: 'Alice' }, created_at: '2026-11-20T12:00:00.000Z' },
    ...{ status: 'ended', ended_reason: 'missed' },
  },
  members: [
    { user_id: 'alice', role: 'admin', state: 'joined' },
    { user_id: 'bob', role: 'user', state: 'missed', reason: 'missed' },
  ],
  verdict: 'not answered',
  verdicts: [{ user_id: 'bob', verdict: 'not rung: FCM refused the push (400 INVALID_ARGUMENT)' }],
  trace: [],
  ...extra,
});

const evidence = (extra: Partial<Evidence>): Evidence => ({
  calls: [],
  isCut: false,
  refusals: [],
  user: {
    ...{ id: 'bob', devices: [], removed_devices: [], connections: [], blocks: [] },
    preferences: { do_not_disturb: false },
    counts: { devices: 0, failing_devices: 0, connections: 0, blocks: 0, rings_this_hour: 0, rings_this_minute: 0 },
  },
  ...extra,
});

const about = (user: string) => ({ user, at: NOON, tz: 'UTC', withinMs: 900_000 });

describe('the report', () => {
  it('of a trace of 2000 rows shows the latest of each phone, and where the rest is', () => {
    const rows = Array.from({ length: 2000 }, (_, i) => ({
      ...{ at: new Date(NOON + i).toISOString(), event: 'push.failed', user_id: 'bob', provider: 'firebase' },
      ...{ device: i % 2 === 0 ? 'aaaaaaaa' : 'bbbbbbbb', status: 503, reason: 'UNAVAILABLE', attempt: i },
    }));
    const said = report(about('bob'), evidence({ calls: [aCall({ trace: rows })] }));
    expect(said.split('\n').length).toBeLessThan(60);
    expect(said).toContain('firebase …aaaaaaaa\n    980 earlier rows: GET /api/v2/video/call/default/c1/trace');
    expect(said).toContain('attempt 1999');
  });

  it('of a call of 100 tells of the one who is asked about, or of some whom they rang', () => {
    const many = Array.from({ length: 99 }, (_, i) => `user-${i}`);
    const call = aCall({
      members: ['alice', ...many].map((user_id) => ({ user_id, role: 'user', state: 'missed' })),
      verdicts: many.map((user_id) => ({ user_id, verdict: 'not answered' })),
    });
    const callee = report(about('user-7'), evidence({ calls: [call] }));
    expect(callee).toContain('alice (Alice) rang user-7, 100 members, audio, ended: missed');
    expect(callee).toContain('  user-7: not answered (missed)');
    expect(callee).not.toContain('user-8');
    const caller = report(about('alice'), evidence({ calls: [call] }));
    expect(caller).toContain('rang user-0 and 98 others');
    expect(caller).toContain('  and 89 others');
  });

  it('keeps names and reasons from steering a terminal or turning a line around', () => {
    const call = aCall();
    const name = `\u202e${'مرحبا'} \u001b[31m ${'😀'.repeat(60)}\n2026`;
    const devices: Evidence['user']['devices'] = [
      {
        id: 'x'.repeat(20),
        push_provider: 'firebase',
        push_provider_name: 'default',
        voip_token: false,
        id_type: 'token',
        sandbox: false,
        user_id: 'bob',
        hardware_id: 'pixel\u2066\u0007',
        created_at: '2026-11-20T11:00:00.000Z',
        updated_at: '2026-11-20T11:00:00.000Z',
        failing: { reason: 'INVALID_ARGUMENT', since: '2026-11-20T12:00:01.000Z' },
      },
    ];
    const said = report(
      about('bob'),
      evidence({
        calls: [{ ...call, call: { ...call.call, created_by: { id: 'alice', name } } }],
        user: { ...evidence({}).user, devices },
      }),
    );
    expect(said).toContain('مرحبا');
    for (const steering of ['\u202e', '\u2066', '\u001b', '\u0007']) expect(said).not.toContain(steering);
    expect(said.match(/^2026/gm)).toHaveLength(1);
    expect(said).toContain('registered then; refreshed 2026-11-20 11:00:00; failing since after that');
  });

  it('tells calls and refusals in order of time, each phone once, and what was refused again but once', () => {
    const at = (ms: number): string => new Date(NOON + ms).toISOString();
    const iphone = { hardware_id: 'iphone-15', app_version: '3.2.1' };
    const device = (id: string, voip_token: boolean): Evidence['user']['devices'][number] => ({
      ...{ id, push_provider: 'apn', push_provider_name: 'default', voip_token, id_type: 'token', sandbox: false },
      ...{ user_id: 'bob', created_at: at(-60_000), updated_at: at(-60_000), ...iphone },
    });
    const about_bob = { user_id: 'bob', provider: 'apn', type: 'call.ring' };
    const trace = [
      { at: at(10), event: 'push.skipped', ...about_bob, device: 'aaaaaaaa', reason: 'not_ringable' },
      { at: at(20), event: 'push.accepted', ...about_bob, device: 'bbbbbbbb', latency_ms: 5 },
      { at: at(900), event: 'device.ringing', user_id: 'bob', hardware_id: 'iphone-15' },
      { at: at(1000), event: 'event.delivered', user_id: 'bob', connection_id: 'c1', hardware_id: 'iphone-15' },
      { at: at(1100), event: 'event.gone', user_id: 'bob', connection_id: 'c1' },
      { at: at(1200), event: 'push.accepted', user_id: 'bob', provider: 'firebase', device: 'cccccccc' },
      { at: at(2000), event: 'call.accepted', user_id: 'bob' },
    ];
    const answered = {
      user_id: 'bob',
      role: 'user',
      state: 'accepted',
      answered_on: { hardware_id: 'iphone-15' },
    } as const;
    const first = aCall({ trace, members: [{ user_id: 'alice', role: 'admin', state: 'joined' }, answered] });
    const second = aCall();
    const later = { ...second, call: { ...second.call, cid: 'default:c2', created_at: at(60_000) } };
    const refused = (ms: number, code: string) => ({ timestamp: at(ms), code, operation: 'call.ring' });
    const said = report(
      about('bob'),
      evidence({
        calls: [later, first],
        user: { ...evidence({}).user, devices: [device('a'.repeat(64), false), device('b'.repeat(64), true)] },
        refusals: [refused(0, 'rate_limited'), refused(5000, 'glare'), refused(9000, 'rate_limited')],
      }),
    );
    expect(said.indexOf('default:c1')).toBeLessThan(said.indexOf('default:c2'));
    const phone = said.slice(said.indexOf('  phone iphone-15'), said.indexOf('  firebase …cccccccc'));
    expect([...phone.matchAll(/ms {2}(\S+)/g)].map(([, event]) => event)).toEqual([
      ...['push.skipped', 'push.accepted', 'device.ringing', 'event.delivered', 'event.gone', 'call.accepted'],
    ]);
    expect(said.match(/^ {2}phone iphone-15$/gm)).toHaveLength(1);
    expect(said).toContain(
      [
        'Refused:',
        '  2026-11-20 12:00:00  call.ring: rate_limited, 2 times until 2026-11-20 12:00:09',
        '  2026-11-20 12:00:05  call.ring: glare\n',
      ].join('\n'),
    );
  });

  it('says that the log could not be read, and what there is all the same', () => {
    const said = report(about('bob'), evidence({ refusals: new Error('not authorized') }));
    expect(said).toContain('Refusals could not be read: not authorized');
    expect(said).toContain('Connections now: none');
  });
});

describe('the refusals of a deployed stage', () => {
  const asked: { group: string; pattern: string }[] = [];
  const resource = (type: string, id: string): string =>
    `<member><ResourceType>${type}</ResourceType><LogicalResourceId>${id}</LogicalResourceId><PhysicalResourceId>group-${id}</PhysicalResourceId><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>`;
  const resources = [
    resource('AWS::Logs::LogGroup', 'HttpLogs1A'),
    resource('AWS::Logs::LogGroup', 'RingWorkerLogs2B'),
    resource('AWS::Logs::LogGroup', 'ConnectionLogs3C'),
    resource('AWS::Lambda::Function', 'HttpLogs4D'),
  ].join('');
  const line = (fields: object) => JSON.stringify({ level: 'INFO', message: 'refused', user_id: 'bob', ...fields });
  const server = createServer(async (request, response) => {
    const body = await text(request);
    if (!String(request.headers['x-amz-target']).endsWith('FilterLogEvents')) {
      response.setHeader('content-type', 'text/xml');
      response.end(
        `<ListStackResourcesResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><ListStackResourcesResult><StackResourceSummaries>${resources}</StackResourceSummaries></ListStackResourcesResult></ListStackResourcesResponse>`,
      );
      return;
    }
    const { logGroupName: group, filterPattern: pattern, nextToken } = JSON.parse(body);
    asked.push({ group, pattern });
    const events = nextToken
      ? [{ message: line({ timestamp: '2026-11-20T12:00:02.000Z', code: 'rate_limited', operation: 'call.ring' }) }]
      : [{ message: 'no JSON' }, { message: line({ timestamp: '2026-11-20T12:00:01.000Z', code: 'internal' }) }];
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    response.end(JSON.stringify({ events, ...(group === 'group-HttpLogs1A' && !nextToken && { nextToken: 'more' }) }));
  });
  beforeAll(async () => {
    const env = { AWS_REGION: 'eu-central-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };
    for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
    vi.stubEnv('AWS_ENDPOINT_URL', await listening(server));
  });
  afterAll(() => {
    vi.unstubAllEnvs();
    server.close();
  });

  it('are found in the log groups of the functions that users reach, page by page', async () => {
    const found = await stageRefusals('prod')({ user: 'auth0|b+b@x.example', from: NOON, to: NOON + 60_000 });
    expect(found.map(({ code }) => code).toSorted()).toEqual(['internal', 'internal', 'rate_limited']);
    expect(new Set(asked.map(({ group }) => group))).toEqual(new Set(['group-HttpLogs1A', 'group-ConnectionLogs3C']));
    expect(asked[0]?.pattern).toBe('{ $.message = "refused" && $.user_id = "auth0|b+b@x.example" }');
  });
});

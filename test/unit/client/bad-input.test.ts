import { afterAll, describe, expect, it } from 'vitest';
import { Call, type CallHost } from '#client/call.ts';
import { Carillon, CarillonError } from '#client/index.ts';
import { joinMedia, Media } from '#client/media/index.ts';
import { placing } from '#client/participation.ts';
import * as push from '#client/push/index.ts';
import * as server from '#client/server/index.ts';
import { subscription } from '#client/subscription.ts';

const TEXT = [null, 7, true, '', {}, ['a'], '\ud800'];
const STRING = [null, 7, {}, '\ud800'];
const REASON = [...STRING, 'x'.repeat(65)];
const NUMBER = [null, '7', Number.NaN, Number.POSITIVE_INFINITY, {}];
const MS = [...NUMBER, -1, 2 ** 31];
const BOOLEAN = [null, 0, 'yes'];
const FUNCTION = [null, {}, 'f'];
const OBJECT = [null, 7, 'x', () => undefined];
const USERS = [null, 'bob', {}, [], [7], [''], ['bob', null], [{ user_id: 'bob' }]];
const TOKEN = [null, 7, {}, '', ' ', 'Bearer a.b.c', 'a.b.c\nd', '<!doctype html>'];
/** As short as a key may be. */
const KEY = 'k'.repeat(16);
const HTTP = [
  null,
  7,
  '',
  '/api',
  'calls.example',
  'ftp://x',
  'https://',
  'https://a b',
  'https://x:99999',
  'https://a@x',
];
const ADDRESS = [
  null,
  7,
  '',
  '/ws',
  'calls.example/ws',
  'https://x/ws',
  'wss://',
  'wss://x/ws?a=b',
  'wss://x:99999',
  'wss://a b',
];
const absent = (wrong: readonly unknown[]) => [undefined, ...wrong];

const CONNECTION = {
  'options.url': absent(HTTP),
  'options.socketUrl': ADDRESS,
  'options.WebSocket': FUNCTION,
  'options.timing': OBJECT,
  'options.timing.pause': [7, null, [], [1], ['1', 2]],
  ...Object.fromEntries(
    ['ping', 'silence', 'renew', 'linger', 'open', 'connect', 'answer'].map((name) => [`options.timing.${name}`, MS]),
  ),
};
const DEPLOYMENT = { url: 'https://calls.example', token: 'a.b.c' };

const PUSHED = {
  kind: 'ring',
  call: { cid: 'default:c', type: 'default', id: 'c', receiverId: 'bob', ringId: 'r', expiresAt: 1 },
  wakeToken: 'a.b.c',
};
const ALL_PUSHED = {
  pushed: absent(OBJECT),
  'pushed.call': absent(OBJECT),
  ...Object.fromEntries(['type', 'id', 'ringId'].map((name) => [`pushed.call.${name}`, absent(TEXT)])),
  'pushed.wakeToken': absent(TOKEN),
};

const carillon = new Carillon(DEPLOYMENT);
const call = new Call('default:c', placing, {} as CallHost);
const stream = { getTracks: () => [] };
const track = { kind: 'audio', id: 'a', enabled: true, stop: () => undefined };
class RTCPeerConnection {}
const media = joinMedia<{ getTracks(): (typeof track)[] }>(call, {
  stream,
  RTCPeerConnection: RTCPeerConnection as never,
});
afterAll(() => media.close());

/** What may be passed to a function, and at each place what may not. */
interface Passed {
  readonly run: (...passed: never[]) => unknown;
  readonly parameters: readonly string[];
  readonly good: readonly unknown[];
  readonly wrong: Readonly<Record<string, readonly unknown[]>>;
  /** It throws; others reject. */
  readonly isSync?: boolean;
}

const listening = (of: string, on: Carillon | Call | Media<never>): Record<string, Passed> =>
  Object.fromEntries(
    (['on', 'once', 'off'] as const).map((name) => [
      `${of}.${name}`,
      {
        run: on[name].bind(on) as Passed['run'],
        parameters: ['name', 'listener'],
        good: ['change', () => undefined],
        wrong: { listener: absent(FUNCTION) },
        isSync: true,
      },
    ]),
  );

const FUNCTIONS: Record<string, Passed> = {
  'new Carillon': {
    run: (options) => new Carillon(options),
    parameters: ['options'],
    good: [DEPLOYMENT],
    wrong: {
      options: absent(OBJECT),
      ...CONNECTION,
      'options.token': absent(TOKEN),
      'options.hardwareId': [...TEXT, 'x'.repeat(65)],
    },
    isSync: true,
  },
  'Carillon.fromPush': {
    run: (pushed, options) => Carillon.fromPush(pushed, options),
    parameters: ['pushed', 'options'],
    good: [PUSHED, { url: DEPLOYMENT.url }],
    wrong: {
      ...ALL_PUSHED,
      'pushed.call.cid': absent(TEXT),
      'pushed.call.receiverId': absent(TEXT),
      'pushed.call.expiresAt': absent(NUMBER),
      options: absent(OBJECT),
      ...CONNECTION,
    },
  },
  ...listening('Carillon', carillon),
  'Carillon.ring': {
    run: (userIds, options) => carillon.ring(userIds, options),
    parameters: ['userIds', 'options'],
    good: [['bob'], {}],
    wrong: {
      userIds: absent(USERS),
      options: OBJECT,
      'options.video': BOOLEAN,
      'options.custom': OBJECT,
      'options.timeoutMs': NUMBER,
      'options.type': TEXT,
      'options.id': TEXT,
      'options.offer': TEXT,
      'options.signal': [...OBJECT, {}],
    },
  },
  'Carillon.registerDevice': {
    run: (device) => carillon.registerDevice(device),
    parameters: ['device'],
    good: [{ id: 'a', push_provider: 'firebase' }],
    wrong: { device: absent(OBJECT), 'device.id': absent(TEXT), 'device.push_provider': absent(TEXT) },
  },
  'Carillon.subscribe': {
    run: (registration, name) => carillon.subscribe(registration, name),
    parameters: ['registration', 'name'],
    good: [{}, 'default'],
    wrong: { registration: absent(OBJECT), name: TEXT },
  },
  'Carillon.removeDevice': {
    run: (token) => carillon.removeDevice(token),
    parameters: ['token'],
    good: ['a'],
    wrong: { token: absent(TEXT) },
  },
  ...listening('Call', call),
  'Call.accept': {
    run: (options) => call.accept(options),
    parameters: ['options'],
    good: [{}],
    wrong: { options: OBJECT, 'options.answer': TEXT },
  },
  'Call.reject': {
    run: (reason) => call.reject(reason),
    parameters: ['reason'],
    good: ['busy'],
    wrong: { reason: REASON },
  },
  'Call.add': {
    run: (userIds) => call.add(userIds),
    parameters: ['userIds'],
    good: [['bob']],
    wrong: { userIds: absent(USERS) },
  },
  'Call.send': {
    run: (signal) => call.send(signal),
    parameters: ['signal'],
    good: [{ type: 'offer', sdp: 'v=0' }],
    wrong: {
      signal: absent(OBJECT),
      'signal.type': absent([...TEXT, 'bye']),
      'signal.sdp': absent(TEXT),
      'signal.to': TEXT,
    },
  },
  'Call.send candidates': {
    run: (signal) => call.send(signal),
    parameters: ['signal'],
    good: [{ type: 'candidates', candidates: [{ candidate: 'candidate:1' }, '', null] }],
    wrong: { 'signal.candidates': [undefined, null, {}, 'candidate:1', ['candidate:1'], [7], [undefined]] },
  },
  joinMedia: {
    run: (of, options) => joinMedia(of, options),
    parameters: ['call', 'options'],
    good: [call, { stream, RTCPeerConnection }],
    wrong: {
      call: absent([...OBJECT, {}]),
      options: absent(OBJECT),
      'options.stream': absent([...OBJECT, {}]),
      'options.RTCPeerConnection': FUNCTION,
      'options.configuration': OBJECT,
    },
    isSync: true,
  },
  ...listening('Media', media as never),
  'Media.mute': {
    run: (kind, isMuted) => media.mute(kind, isMuted),
    parameters: ['kind', 'isMuted'],
    good: ['audio', true],
    wrong: { kind: absent([...TEXT, 'screen']), isMuted: BOOLEAN },
    isSync: true,
  },
  'Media.switchTrack': {
    run: (one) => media.switchTrack(one),
    parameters: ['track'],
    good: [track],
    wrong: { track: absent([...OBJECT, {}]) },
    isSync: true,
  },
  'Media.addTrack': {
    run: (one, to) => media.addTrack(one, to),
    parameters: ['track', 'stream'],
    good: [track, stream],
    wrong: { track: absent([...OBJECT, {}]), stream: absent([...OBJECT, {}]) },
    isSync: true,
  },
  'Media.removeTrack': {
    run: (one) => media.removeTrack(one),
    parameters: ['track'],
    good: [track],
    wrong: { track: absent([...OBJECT, {}]) },
    isSync: true,
  },
  readPush: {
    run: (data, options) => push.readPush(data, options),
    parameters: ['data', 'options'],
    good: [{}, { userId: 'bob' }],
    wrong: {
      options: absent(OBJECT),
      'options.userId': absent(STRING),
      'options.seen': OBJECT,
      'options.now': NUMBER,
    },
    isSync: true,
  },
  declinePush: {
    run: (pushed, options) => push.declinePush(pushed, options),
    parameters: ['pushed', 'options'],
    good: [PUSHED, { url: DEPLOYMENT.url }],
    wrong: { ...ALL_PUSHED, options: absent(OBJECT), 'options.url': absent(HTTP), 'options.reason': REASON },
  },
  reportRinging: {
    run: (pushed, options) => push.reportRinging(pushed, options),
    parameters: ['pushed', 'options'],
    good: [PUSHED, { url: DEPLOYMENT.url }],
    wrong: { ...ALL_PUSHED, options: absent(OBJECT), 'options.url': absent(HTTP) },
  },
  mintToken: {
    run: (options) => server.mintToken(options),
    parameters: ['options'],
    good: [{ keys: { current: 'k', k: KEY }, userId: 'bob' }],
    wrong: {
      options: absent(OBJECT),
      'options.keys': absent([
        null,
        7,
        '',
        'null',
        '7',
        '{',
        {},
        { k: 'a' },
        { current: 'k', k: 7 },
        { current: 'at' },
        { current: 'k', k: KEY.slice(1) },
      ]),
      'options.userId': absent([...TEXT, 'a b', '__proto__', 'x'.repeat(129)]),
      'options.name': STRING,
      'options.image': STRING,
      'options.server': BOOLEAN,
      'options.expiresInS': [...NUMBER, 0, -1],
    },
    isSync: true,
  },
};

/** `passed` with `value` at a place. */
function withAt(passed: object, [first = '', ...rest]: readonly string[], value: unknown): object {
  const copy = Array.isArray(passed) ? [...passed] : { ...passed };
  const inner = rest.length === 0 ? value : withAt(Reflect.get(passed, first) ?? {}, rest, value);
  Reflect.set(copy, first, inner);
  return copy;
}

/** What running something comes to: an error that it throws, or that it rejects with. */
async function outcome(run: () => unknown): Promise<{ readonly thrown?: unknown; readonly rejected?: unknown }> {
  let result: unknown;
  try {
    result = run();
  } catch (thrown) {
    return { thrown };
  }
  return await Promise.resolve(result).then(
    () => ({}),
    (rejected: unknown) => ({ rejected }),
  );
}

const WRONGS = Object.entries(FUNCTIONS).flatMap(([name, { wrong }]) =>
  Object.entries(wrong).map(([place, values]) => ({ name, place, values })),
);

describe('what cannot be right', () => {
  it.each(WRONGS)('is refused at once, by its place: $name, $place', async ({ name, place, values }) => {
    const { run, parameters, good, isSync = false } = FUNCTIONS[name] as Passed;
    const [parameter = '', ...fields] = place.split('.');
    for (const value of values) {
      const passed = withAt(good, [String(parameters.indexOf(parameter)), ...fields], value) as never[];
      const end = await outcome(() => run(...passed));
      const error = isSync ? end.thrown : end.rejected;
      expect(error, `${typeof value} ${String(JSON.stringify(value))}`).toBeInstanceOf(CarillonError);
      expect(error).toMatchObject({ code: 'invalid_argument' });
      expect(error).toHaveProperty('message', expect.stringContaining(place));
    }
  });

  it('is asked of every public function that takes anything', () => {
    const methods = Object.entries({ Carillon, Call, Media }).flatMap(([name, { prototype }]) =>
      Object.entries(Object.getOwnPropertyDescriptors(prototype))
        .filter(([method, { value }]) => typeof value === 'function' && method !== 'constructor')
        .map(([method]) => `${name}.${method}`),
    );
    const all = [...methods, 'joinMedia', 'new Carillon', 'Carillon.fromPush', ...Object.keys({ ...push, ...server })];
    expect(all.filter((name) => !(name in FUNCTIONS)).sort()).toEqual([
      'Call.emit',
      'Call.endForAll',
      'Call.hangUp',
      'Call.heard',
      'Call.iceServers',
      'Call.release',
      'Call.resume',
      'Call.step',
      'Call.take',
      'Call.tell',
      'Call.trace',
      'Carillon.close',
      'Carillon.connect',
      'Carillon.heard',
      'Carillon.iceServers',
      'Carillon.now',
      'Media.close',
      'Media.heard',
      'Media.restart',
      'Media.stats',
    ]);
  });

  it('leaves what can be right', () => {
    const timing = { pause: [1, 2], ping: 1, silence: 1, renew: 1, linger: 1, open: 1, connect: 1, answer: 1 } as const;
    const all = { socketUrl: 'wss://calls.example:8443/ws', hardwareId: 'h', WebSocket: class {} as never, timing };
    expect(() => new Carillon({ url: 'http://[::1]:8080/app?x#y', token: () => '', ...all })).not.toThrow();
    expect(
      () => new Carillon({ ...DEPLOYMENT, socketUrl: undefined, timing: { ping: undefined } } as never),
    ).not.toThrow();
    const claims = { userId: 'a|b', name: '', image: 'https://x', server: false, expiresInS: 1 };
    expect(() => server.mintToken({ keys: JSON.stringify({ current: 'k', k: KEY }), ...claims })).not.toThrow();
    expect(push.readPush({}, { userId: '', seen: {}, now: 0 })).toEqual({ kind: 'foreign' });
  });

  it('is refused before it is sent, if JSON cannot hold it', async () => {
    const device = { id: 'a', push_provider: 'firebase', app_version: 1n } as never;
    await expect(carillon.registerDevice(device)).rejects.toMatchObject({ code: 'invalid_argument' });
  });

  it('is not the clock of a phone that is wrong by years, but a WebSocket that cannot be made', async () => {
    const cause = new Error('a page of https opens only wss');
    class WebSocket {
      constructor() {
        throw cause;
      }
    }
    const pushed = { ...PUSHED, call: { ...PUSHED.call, expiresAt: Date.now() + 1e12 } } as never;
    const woken = Carillon.fromPush(pushed, { url: 'http://calls.example', WebSocket: WebSocket as never });
    const message = 'no WebSocket can be opened at ws://calls.example/ws';
    await expect(woken).rejects.toMatchObject({ code: 'invalid_argument', message, cause });
  });

  it('is not a browser without Web Push, which has a code of its own', async () => {
    await expect(subscription({} as never, 'key')).rejects.toMatchObject({ code: 'not_subscribed' });
  });
});

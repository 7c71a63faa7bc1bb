import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Operator, operator, restartFunctions } from '../support/operator.ts';
import { ecKeys } from '../support/pem-keys.ts';
import {
  callPath,
  eventually,
  keysOf,
  type Person,
  people,
  person,
  pushes,
  pushOf,
  rest,
  ring,
} from '../support/people.ts';
import { keylessCredential } from '../support/push/keyless.ts';
import { figuresOf, stackLog } from '../support/stack-log.ts';

// Several push providers in a secret that an operator changes while the functions run.

interface Providers {
  readonly apn: { readonly default: object; readonly [name: string]: object };
  readonly firebase: { readonly default: object; readonly [name: string]: object };
}

// biome-ignore lint/suspicious/noExplicitAny: an event of any type
type Event = any; // oxlint-disable-line typescript/no-explicit-any -- see above

let secrets: Operator;
let given: Providers;
let alice: Person;

beforeAll(async () => {
  secrets = await operator();
  given = await secrets.read<Providers>('PushProviders');
  alice = await person('alice');
});
afterAll(() => startWith({}));

const put = (apn: Record<string, object>, firebase: Record<string, object> = {}) =>
  secrets.put('PushProviders', {
    ...given,
    apn: { ...given.apn, ...apn },
    firebase: { ...given.firebase, ...firebase },
  });

/** Restarts the functions with these settings, so that they have no others in their caches. */
async function startWith(apn: Record<string, object>): Promise<void> {
  await put(apn);
  await restartFunctions();
}

/** Rings a callee, and returns the trace of the call once it has an event that `fits`. */
async function traceOfRing(
  callee: Person,
  fits: (event: Event) => boolean,
): Promise<{ trace: Event[]; verdict: string }> {
  const { id } = await ring(alice, callee);
  const body = await eventually(async () => {
    const { body } = await callee.get(callPath(id, '/trace'));
    return body.trace.some(fits) && body;
  }, `an event in the trace of ${id}`);
  await alice.post(callPath(id, '/mark_ended'));
  return body;
}

const isAnswered = ({ event }: Event): boolean => ['push.accepted', 'push.failed', 'push.skipped'].includes(event);

const iphones = (of: Person, name: string) =>
  Promise.all([1, 2].map(() => of.iphone({ push_provider_name: name, sandbox: false })));

describe('a provider that was added to the secret', () => {
  it('is used without a restart, beside the others', async () => {
    await startWith({});
    const [bob, carol] = await people('bob', 'carol');
    const first = await carol.iphone();
    await ring(alice, carol);
    expect((await pushOf(first, 'call.ring')).status).toBe(200);
    await put({ late: given.apn.default });
    const second = await bob.iphone({ push_provider_name: 'late' });
    await ring(alice, bob);
    expect((await pushOf(second, 'call.ring')).status).toBe(200);
  });

  it('is named with its wrong field in the trace and in the log if it is not usable, and does not hinder the others', async () => {
    const key = ecKeys().privateKey;
    await startWith({ torn: { ...given.apn.default, key: key.slice(0, -80), key_id: 'SECRET-ID' } });
    const bob = await person('bob');
    const good = await bob.iphone();
    await bob.iphone({ push_provider_name: 'torn' });
    const { trace } = await traceOfRing(bob, ({ event }) => event === 'push.failed');
    const reason = trace.find(({ event }) => event === 'push.failed').reason;
    expect(reason).toMatch(/^apn\.torn is not usable: key: .*; key_id: /);
    expect((await pushOf(good, 'call.ring')).status).toBe(200);
    expect(stackLog()).toContain(reason);
    expect(stackLog()).not.toContain('SECRET-ID');
    expect((await bob.get('/api/v2/devices')).body.devices).toHaveLength(2);
  });
});

describe('a provider with the engine "library"', () => {
  it('rings and stops phones by firebase-admin and node-apn, and without them again', async () => {
    const library = { engine: 'library' };
    const libraries = {
      apn: { ...given.apn.default, ...library },
      firebase: { ...given.firebase.default, ...library },
    };
    await put({ library: libraries.apn }, { library: libraries.firebase });
    await restartFunctions();
    const bob = await person('bob');
    const named = { push_provider_name: 'library' };
    const [iphone, android] = [await bob.iphone(named), await bob.android(named)];
    const { id } = await ring(alice, bob);
    expect((await pushOf(iphone, 'call.ring')).status).toBe(200);
    expect(await pushOf(android, 'call.ring')).toMatchObject({
      status: 200,
      headers: { 'x-firebase-client': expect.stringMatching(/^fire-admin-node/) },
    });
    await alice.post(callPath(id, '/mark_ended'));
    expect((await pushOf(android, 'call.cancelled')).status).toBe(200);
    await put({ library: given.apn.default }, { library: given.firebase.default });
    await restartFunctions();
    await ring(alice, bob);
    const back = await eventually(
      async () => (await pushes(android)).filter((push) => keysOf(push)['type'] === 'call.ring').at(1),
      'the second ring',
    );
    expect(back.headers).not.toHaveProperty('x-firebase-client');
  });
});

describe('FCM without a key', () => {
  /** The secret has no other account, and the functions have no token from before. */
  async function startKeyless(change: object = {}): Promise<void> {
    const firebase = { default: { project_id: 'carillon-local', credential: keylessCredential(change) } };
    await secrets.put('PushProviders', { firebase });
    await restartFunctions();
    expect(JSON.stringify(await secrets.read('PushProviders'))).not.toContain('private_key');
  }

  it('rings and stops a phone by the role of the function that pushes', async () => {
    await startKeyless();
    const bob = await person('bob');
    const android = await bob.android();
    const { id } = await ring(alice, bob);
    expect((await pushOf(android, 'call.ring')).status).toBe(200);
    await alice.post(callPath(id, '/mark_ended'));
    expect((await pushOf(android, 'call.cancelled')).status).toBe(200);
  });

  it('says in the trace that Google does not take the role, and reaches nobody', async () => {
    await startKeyless({ audience: keylessCredential().audience.replace('carillon', 'other') });
    const bob = await person('bob');
    const android = await bob.android();
    const { trace } = await traceOfRing(bob, isAnswered);
    expect(trace.find(isAnswered)).toMatchObject({ event: 'push.failed', reason: 'bad credentials' });
    expect(await pushes(android)).toEqual([]);
  });
});

describe('a provider whose key Apple does not know', () => {
  it('is not used any more once that is certain, loses no token, and is used again after the secret is repaired', async () => {
    await startWith({ broken: { ...given.apn.default, key: ecKeys().privateKey } });
    const [bob, carol] = await people('bob', 'carol');
    const tokens = await iphones(bob, 'broken');
    const sound = await carol.iphone();
    const held = await eventually(async () => {
      const { trace, verdict } = await traceOfRing(bob, isAnswered);
      return trace.some(({ event }) => event === 'push.skipped') && { trace, verdict };
    }, 'a push that is withheld');
    const skipped = held.trace.filter(({ event }: Event) => event === 'push.skipped');
    expect(skipped[0]).toMatchObject({
      reason: 'provider_is_failing',
      cause: 'InvalidProviderToken',
      provider: 'apn',
      type: 'call.ring',
    });
    expect(held.verdict).toContain('refuses everything (APNs: InvalidProviderToken)');
    expect(figuresOf('ProvidersFailing').find(({ fields }) => fields['name'] === 'broken')?.fields).toMatchObject({
      provider: 'apn',
      name: 'broken',
      reason: 'InvalidProviderToken',
    });
    const { devices } = (await bob.get('/api/v2/devices')).body;
    expect(devices.map(({ failing }: Event) => failing.reason)).toEqual(Array(2).fill('InvalidProviderToken'));

    await ring(alice, carol);
    expect((await pushOf(sound, 'call.ring')).status).toBe(200);

    await put({ broken: given.apn.default });
    await eventually(async () => {
      await traceOfRing(bob, isAnswered);
      const all = await Promise.all(tokens.map(pushes));
      return all.every((sent) => sent.at(-1)?.status === 200);
    }, 'a push with the repaired key');
    const repaired = await eventually(async () => {
      const { devices: now } = (await bob.get('/api/v2/devices')).body;
      return now.every((device: Event) => !device.failing) && now;
    }, 'devices that are not failing');
    expect(repaired).toHaveLength(2);
  });
});

describe('a provider’s settings', () => {
  beforeAll(() =>
    put(
      {
        extension: {
          ...given.apn.default,
          ios_ring: 'alert',
          missed_call: { title_loc_key: 'MISSED', title_loc_args: ['{caller}'], body: 'Call {caller} back' },
        },
      },
      { stream: { ...given.firebase.default, format: 'stream' } },
    ).then(restartFunctions),
  );

  it('can ring by an alert for an extension, and announce a missed call in the app’s own words', async () => {
    const bob = await person('bob');
    const token = await bob.iphone({ voip_token: false, push_provider_name: 'extension' });
    const { id, cid, answer } = await ring(alice, bob, { video: true });
    const push = await pushOf(token, 'call.ring');
    expect(push).toMatchObject({
      status: 200,
      headers: {
        'apns-push-type': 'alert',
        'apns-priority': '10',
        'apns-topic': 'com.example.carillon',
        'apns-expiration': `${Math.floor(Date.parse(answer.body.call.ring_expires_at) / 1000)}`,
        'apns-collapse-id': cid,
      },
      body: { aps: { 'mutable-content': 1, alert: { title: 'alice', body: 'Incoming video call' } }, call_cid: cid },
    });
    const wake = { token: push.body.wake_token };
    expect((await rest().request('POST', callPath(id, '/ringing'), { ...wake, body: {} })).status).toBe(200);
    await alice.post(callPath(id, '/reject'), { reason: 'cancel' });
    expect(await pushOf(token, 'call.missed')).toMatchObject({
      status: 200,
      headers: { 'apns-collapse-id': cid },
      body: { aps: { alert: { 'title-loc-key': 'MISSED', 'title-loc-args': ['alice'], body: 'Call alice back' } } },
    });
  });

  it('can choose Stream’s format', async () => {
    const bob = await person('bob');
    const token = await bob.android({ push_provider_name: 'stream' });
    const { cid } = await ring(alice, bob);
    const [push] = await eventually(async () => {
      const all = await pushes(token);
      return all.length > 0 && all;
    }, 'a push');
    expect(push).toMatchObject({
      status: 200,
      body: {
        message: {
          data: { stream_call_cid: cid, call_type: 'call.ring', sender: 'stream_video', receiver_id: bob.id },
        },
      },
    });
  });

  it('can choose the format of a package, or have keys of the app’s own, and is refused if they are too large', async () => {
    const own = { event: '{type}', ring: '{ring_id}', title: '{caller_name} calls', video: '{video:number}' };
    const account = given.firebase['default'];
    await put(
      {},
      {
        flutter: { ...account, format: 'flutter_callkit_incoming' },
        own: { ...account, format: own },
        large: { ...account, format: { ...own, padding: 'x'.repeat(4000) } },
      },
    );
    await restartFunctions();
    const bob = await person('bob');
    const [flutter, mine] = [
      await bob.android({ push_provider_name: 'flutter' }),
      await bob.android({ push_provider_name: 'own' }),
    ];
    await bob.android({ push_provider_name: 'large' });
    const { trace } = await traceOfRing(bob, ({ reason }) => /^firebase.large is not usable/.test(reason));
    const faults = trace.filter(({ event }) => event === 'push.failed').map(({ reason }) => reason);
    expect(faults).toEqual([
      expect.stringMatching(
        /^firebase.large is not usable: format: takes up to \d+ bytes with the longest names and ids/,
      ),
    ]);
    const [{ ring_id }] = trace.filter(({ event }) => event === 'ring.requested');
    expect(await dataTo(flutter)).toMatchObject({ nameCaller: 'alice', type: '0', isVideo: 'false', ring_id });
    expect(await dataTo(mine)).toEqual({ event: 'call.ring', ring: ring_id, title: 'alice calls', video: '0' });
  });
});

/** The data of the first message to a phone, whatever its format. */
const dataTo = (token: string) =>
  eventually(async () => {
    const { body } = await rest().request('GET', `/_local/pushes?token=${token}`);
    return body.pushes[0]?.body.message.data;
  }, 'a push');

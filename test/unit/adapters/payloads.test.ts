import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type ApnsApp, apnsRequest } from '#adapters/apns/request.ts';
import { fcmMessage } from '#adapters/fcm/message.ts';
import { keyRing } from '#adapters/jwt/key-ring.ts';
import { tokenMint } from '#adapters/jwt/tokens.ts';
import { webPushRequest } from '#adapters/webpush/request.ts';
import type { PushToken } from '#domain/push-token/token.ts';
import { epochMs, later } from '#domain/time.ts';
import type { Push } from '#ports/push-sender.ts';
import { alertText } from '#wire/push/alert-text.ts';
import { FORMAT_NAMES, type PushFormat, pushFormat, pushJson, pushKeys } from '#wire/push/format.ts';
import { CARRIERS, formatFor, MAX_WAKE_TOKEN } from '#wire/push/largest.ts';
import { aBrowser, anAndroidPhone, anIphone, aPush, NOON } from '../../support/builders.ts';

const EXPIRES_AT = later(NOON, 45_000);

/** The pushes about one ring, as they are handed to the senders. */
function pushesOf(about: Partial<Push>, wakeToken: string): Record<'ring' | 'stop' | 'missed', Push> {
  const push = (kind: Partial<Push>) => aPush({ ...about, expiresAt: EXPIRES_AT, ...kind });
  return {
    ring: push({ kind: 'ring', wakeToken }),
    stop: push({ kind: 'stop', type: 'call.missed', notify: true }),
    missed: push({ kind: 'missed' }),
  };
}

const fcm = (pushToken: PushToken, push: Push, format: PushFormat) => ({
  message: fcmMessage({ pushToken, push, format, now: NOON }),
});

/** A push to a browser, as it is before it is encrypted. */
const browserPush = (push: Push, format: PushFormat) => ({
  headers: webPushRequest({ pushToken: aBrowser(), push, format, now: NOON }).headers,
  message: pushJson(format, push, 'bob'),
});

const APP: ApnsApp = { bundle_id: 'com.example.app' };
const anAlertToken = (extra: Partial<PushToken> = {}) => anIphone({ voip: false, ...extra });

/** What is sent, by the name of its golden file. */
function written(format: PushFormat): Record<string, object> {
  const { ring, stop, missed } = pushesOf({}, 'wake-token');
  const app = { ...APP, format };
  return {
    'fcm-ring': fcm(anAndroidPhone(), ring, format),
    'fcm-ring-fid': fcm(anAndroidPhone({ idType: 'fid', token: 'installation-id' }), ring, format),
    'fcm-stop': fcm(anAndroidPhone(), stop, format),
    'fcm-missed': fcm(anAndroidPhone(), missed, format),
    'webpush-ring': browserPush(ring, format),
    'webpush-stop': browserPush(stop, format),
    'webpush-missed': browserPush(missed, format),
    'apns-voip-ring': apnsRequest(anIphone(), ring, app),
    'apns-alert-ring': apnsRequest(anAlertToken(), ring, app),
    'apns-missed': apnsRequest(anAlertToken(), missed, app),
    'apns-missed-quiet': apnsRequest(anAlertToken(), { ...missed, kind: 'missed', quiet: true }, app),
    'apns-missed-localised': apnsRequest(anAlertToken(), missed, {
      ...app,
      missed_call: { title: 'not for video', body: 'not for video' },
      missed_video_call: { title: '{caller} ($&)', loc_key: 'MISSED_VIDEO', loc_args: ['{caller}'] },
    }),
  };
}

/** What reads a format: each of its golden files says by `$source` in which version, and where that is written. */
const PACKAGES: Readonly<Record<string, RegExp>> = {
  flutter_callkit_incoming: /^flutter_callkit_incoming 3\.1\.5: https:/,
  'react-native-callkeep': /^react-native-callkeep 4\.3\.16, .*: https:/,
};

describe.each(FORMAT_NAMES)('the format %s', (format) => {
  const folder = `test/golden/push/${format}`;
  it.each(Object.entries(written(format)))('writes %s as in its golden file', (name, request) => {
    const { $source: source, ...golden } = JSON.parse(readFileSync(`${folder}/${name}.json`, 'utf8'));
    expect(request).toEqual(golden);
    const reader = PACKAGES[format];
    if (reader) expect(source).toMatch(reader);
  });
  it('has no golden file that is not used', () => {
    expect(readdirSync(folder).toSorted()).toEqual(
      Object.keys(written(format))
        .map((name) => `${name}.json`)
        .toSorted(),
    );
  });
});

it('sends the keys of Stream’s format, none of them under another meaning', () => {
  const { ring } = pushesOf({}, 'wake-token');
  expect(pushKeys('stream', ring, 'bob')).toMatchObject({
    stream_call_cid: 'default:c1',
    stream_call_id: 'c1',
    stream_call_type: 'default',
    call_type: 'call.ring',
    created_by_id: 'alice',
    created_by_name: 'Alice',
    receiver_id: 'bob',
    sender: 'stream_video',
  });
});

describe('the largest push', () => {
  /** 128 characters that JSON writes as six bytes each, and 128 that UTF-8 writes as three. */
  const NAMES = ['\u0001'.repeat(128), '€'.repeat(128)];
  const largest = async (name: string) => {
    const [caller, callee] = ['a'.repeat(128), 'b'.repeat(128)];
    const cid = `${'t'.repeat(64)}:${'c'.repeat(128)}`;
    const about = { cid, ringId: 'r'.repeat(128), caller: { id: caller, name }, video: false };
    const device = { userId: callee, key: 'k'.repeat(43), hardwareId: '€'.repeat(64) };
    const ring = keyRing(
      async () => JSON.stringify({ current: 'k1', k1: 'x'.repeat(64) }),
      () => NOON,
    );
    const { wake: mintWake } = tokenMint(ring, () => NOON);
    const wake = await mintWake(anAndroidPhone(device), about, epochMs(9_999_999_999_999));
    return { device, pushes: Object.values(pushesOf(about, wake)) };
  };
  const bytesIn = (body: object): number => Buffer.byteLength(JSON.stringify(body));
  /** The longest text that an operator may give an alert. */
  const text = { title: `{caller}${'x'.repeat(100)}`, body: `{caller}${'x'.repeat(100)}` };
  const texts = { missed_call: text, incoming_call: text };

  it.each(NAMES)('stays within the limits of the services in each format, with a name of kind %#', async (name) => {
    const { device, pushes } = await largest(name);
    for (const format of FORMAT_NAMES) {
      for (const push of pushes) {
        const { data } = fcm(anAndroidPhone(device), push, format).message;
        expect(Buffer.byteLength(Object.entries(data).flat().join(''))).toBeLessThanOrEqual(4096);
        const app = { ...APP, format, ...texts };
        expect(bytesIn(apnsRequest(anIphone(device), push, app).body)).toBeLessThanOrEqual(5120);
        expect(bytesIn(apnsRequest(anAlertToken(device), push, app).body)).toBeLessThanOrEqual(4096);
        const { keys } = aBrowser();
        const browser = aBrowser({ ...device, ...(keys && { keys }) });
        expect(webPushRequest({ pushToken: browser, push, format, now: NOON }).body.length).toBeLessThanOrEqual(4096);
      }
    }
  });

  it('is what formats are measured by when they are configured', async () => {
    const { pushes } = await largest('x');
    const wakeTokens = pushes.flatMap((push) => (push.kind === 'ring' ? [push.wakeToken.length] : []));
    expect(Math.max(...wakeTokens)).toBeLessThanOrEqual(MAX_WAKE_TOKEN);
    const all = formatFor(...(Object.keys(CARRIERS) as (keyof typeof CARRIERS)[]));
    for (const format of FORMAT_NAMES) expect(all.safeParse(format)).toEqual({ success: true, data: format });
  });

  it('cannot be exceeded by an operator’s own texts', () => {
    expect(alertText.safeParse(text).success).toBe(true);
    for (const long of [
      { body: 'x'.repeat(721) },
      { body: '{caller}{caller}{caller}{caller}' },
      { loc_key: 'KEY', loc_args: ['{caller}', '{caller}', '{caller}', '{caller}'] },
    ]) {
      expect(alertText.safeParse(long).error?.issues[0]?.message).toMatch(/^takes more than 720 bytes/);
    }
  });
});

describe('the caller’s picture', () => {
  const image = 'https://pictures.example/alice.png';
  const { ring, missed } = pushesOf({ caller: { id: 'alice', name: 'Alice', image } }, 'wake-token');

  it('is in every push but an alert that rings, which has no room for it', () => {
    const pictured = { created_by_image: image };
    expect(pushKeys('carillon', ring, 'bob')).toMatchObject(pictured);
    expect(apnsRequest(anIphone(), ring, APP).body).toMatchObject(pictured);
    expect(apnsRequest(anAlertToken(), missed, APP).body).toMatchObject(pictured);
    expect(apnsRequest(anAlertToken(), ring, APP).body).not.toHaveProperty('created_by_image');
  });

  it('has the name that a format gives it, or none', () => {
    expect(pushJson('flutter_callkit_incoming', ring, 'bob')).toMatchObject({ avatar: image });
    expect(pushJson({ icon: '{caller_image}' }, ring, 'bob')).toEqual({ icon: image });
    for (const format of ['stream', 'react-native-callkeep'] as const)
      expect(Object.values(pushJson(format, ring, 'bob'))).not.toContain(image);
  });
});

describe('keys of the app’s own', () => {
  const own = {
    what: '{type}',
    ring: '{ring_id}',
    title: '{caller_name} calls',
    isVideo: '{video:boolean}',
    kind: '{video:number}',
    seconds: '{timeout_ms}',
    token: '{wake_token}',
    why: '{reason}',
  };
  const { ring, stop } = pushesOf({}, 'wake-token');

  it('are filled in, and left out of a push that has no such value', () => {
    expect(pushJson(own, ring, 'bob')).toEqual({
      what: 'call.ring',
      ring: 'ring-1',
      title: 'Alice calls',
      isVideo: true,
      kind: 1,
      seconds: '45000',
      token: 'wake-token',
    });
    expect(pushJson(own, stop, 'bob')).toEqual({
      what: 'call.missed',
      ring: 'ring-1',
      title: 'Alice calls',
      isVideo: true,
      kind: 1,
      why: 'missed',
    });
    expect(fcm(anAndroidPhone(), ring, own).message.data).toMatchObject({ isVideo: 'true', kind: '1' });
  });

  it.each([
    ['a name that no format has', 'flutter', /Invalid option/, []],
    ['a value that no push has', { ...own, x: '{caller}' }, /^there is no \{caller\}: choose of sender, /, ['x']],
    ['no type', { ring: '{ring_id}' }, /^has no \{type\}/, []],
    ['no ring id', { what: '{type}' }, /^has no \{ring_id\}/, []],
    ['a key of FCM', { ...own, 'google.x': 'y' }, /^is a key that push services keep/, ['google.x']],
    ['a key of iOS', { ...own, aps: 'y' }, /^is a key that push services keep/, ['aps']],
    ['a number', { ...own, x: 1 }, /expected string/, ['x']],
  ])('are refused with %s', (_, format, message, path) => {
    expect(pushFormat.safeParse(format).error?.issues).toMatchObject([
      { message: expect.stringMatching(message), path },
    ]);
  });

  it('are refused if the longest names and ids do not fit', () => {
    const long = { ...own, ...Object.fromEntries(['a', 'b', 'c'].map((key) => [key, '{caller_name}'])) };
    expect(formatFor('fcm', 'voip').safeParse(long).success).toBe(true);
    for (const carrier of ['missedAlert', 'ringingAlert', 'webPush'] as const) {
      expect(formatFor(carrier).safeParse(long).error?.issues[0]?.message).toMatch(
        /^takes up to \d+ bytes with the longest names and ids; /,
      );
    }
  });
});

import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { openTokenCheck } from '#local/push/apns/provider-token.ts';
import { openDeviceRate } from '#local/push/fcm/device-rate.ts';
import { openPushLog } from '#local/push/push-log.ts';

const MINUTE_MS = 60_000;
const START = Date.UTC(2026, 10, 20);

describe('a provider token on one connection', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const account = { bundleId: 'com.example', teamId: 'TEAMTEAM01', keyId: 'KEYKEYKEY1', publicKey };
  const issuedAt = async (at: number) => {
    const jwt = new SignJWT({}).setProtectedHeader({ alg: 'ES256', kid: account.keyId }).setIssuer(account.teamId);
    return `bearer ${await jwt.setIssuedAt(at / 1000).sign(privateKey)}`;
  };

  it('is good for an hour, and may be replaced after 20 minutes of use', async () => {
    const check = openTokenCheck(account);
    const first = await issuedAt(START);
    const second = await issuedAt(START + 20 * MINUTE_MS);
    expect(check.refusal(first, START)).toBeUndefined();
    expect(check.refusal(first, START + 60 * MINUTE_MS)).toBeUndefined();
    expect(check.refusal(first, START + 60 * MINUTE_MS + 1000)?.reason).toBe('ExpiredProviderToken');
    expect(check.refusal(second, START + 20 * MINUTE_MS - 1)?.reason).toBe('TooManyProviderTokenUpdates');
    expect(check.refusal(second, START + 20 * MINUTE_MS)).toBeUndefined();
  });

  it('may be replaced as soon as it has expired', async () => {
    const check = openTokenCheck(account);
    expect(check.refusal(await issuedAt(START), START + 59 * MINUTE_MS)).toBeUndefined();
    expect(check.refusal(await issuedAt(START + 60 * MINUTE_MS), START + 60 * MINUTE_MS)).toBeUndefined();
  });
});

describe('the rate of one device', () => {
  it('leaves room again after a minute', () => {
    const rate = openDeviceRate();
    for (let count = 0; count < 240; count += 1) expect(rate('d', START + count)).toBeUndefined();
    expect(rate('d', START + 1000)?.reply).toMatchObject({ status: 429, headers: { 'retry-after': '59' } });
    expect(rate('other', START + 1000)).toBeUndefined();
    expect(rate('d', START + MINUTE_MS)).toBeUndefined();
  });
});

describe('the log', () => {
  it('tells when a token has a number of requests', async () => {
    const log = openPushLog();
    const record = { at: '', monotonic_ms: 0, provider: 'fcm', path: '/', headers: {}, status: 200, body: 0 } as const;
    let told = false;
    const second = log.arrived('t', 2).then(() => {
      told = true;
    });
    log.add('t', record);
    log.add('u', record);
    await log.arrived('t', 1);
    expect(told).toBe(false);
    log.add('t', record);
    await second;
  });

  it('keeps the latest thousand requests of a token', () => {
    const log = openPushLog();
    const record = { at: '', monotonic_ms: 0, provider: 'fcm', path: '/', headers: {}, status: 200 } as const;
    for (let body = 0; body < 1001; body += 1) log.add('t', { ...record, body });
    expect(log.pushes('t')).toHaveLength(1000);
    expect(log.pushes('t').at(-1)?.body).toBe(1000);
    expect(log.pushes('unknown')).toEqual([]);
  });

  it('forgets the requests of one token', () => {
    const log = openPushLog();
    const record = { at: '', monotonic_ms: 0, provider: 'fcm', path: '/', headers: {}, status: 200, body: 0 } as const;
    log.add('t', record);
    log.add('u', record);
    log.forget('t');
    expect(log.pushes('t')).toEqual([]);
    expect(log.pushes('u')).toHaveLength(1);
  });
});

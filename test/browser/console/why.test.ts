import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TraceEvent } from '#client/wire.ts';
import { asServer } from '../../support/apps.ts';
import { browser } from '../../support/browsers.ts';
import { restartFunctions } from '../../support/operator.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { callPath, type Person, people, pushes, ring, script } from '../../support/people.ts';
import { type PushAnswer, pushAnswers } from '../../support/push-outcomes-page.ts';
import { anApnsToken } from '../../support/push-tokens.ts';
import { localTime, openConsole } from './open-console.ts';
import { traced } from './scenes.ts';

// "Why did her phone not ring at 14:05?", for every reason in docs/push-outcomes.md: asked with a user id and a time, and
// answered by what the page says.

const REASONS = pushAnswers();

/** What a verdict says instead of a reason that only engineers of the push service know. */
const IN_WORDS: Readonly<Record<string, string>> = {
  BadTopic: 'refused the topic',
  DeviceTokenNotForTopic: 'refused the topic',
  MissingTopic: 'refused the topic',
  TopicDisallowed: 'refused the topic',
  BadDeviceToken: 'does not know the token',
  ExpiredToken: 'the token is dead',
  Unregistered: 'the token is dead',
  UNREGISTERED: 'the token is dead',
  BadCertificateEnvironment: 'refused our key',
  ExpiredProviderToken: 'refused our key',
  InvalidProviderToken: 'refused our key',
  MissingProviderToken: 'refused our key',
  'Web Push 404': 'the subscription is gone',
  'Web Push 410': 'the subscription is gone',
  SENDER_ID_MISMATCH: 'the token belongs to another Firebase project',
};

const RENEWED: ReadonlySet<string> = new Set(['ExpiredProviderToken', 'UnrelatedKeyIdInToken']);

/** What APNs says of a key that was refused, signed anew at once and refused again too often. */
const LATER = { status: 429, words: '429 TooManyProviderTokenUpdates' };

const REGISTER: Readonly<Record<string, (person: Person) => Promise<string>>> = {
  APNs: (person) => person.iphone(),
  FCM: (person) => person.android(),
  'Web Push': (person) => browser(person),
};

/** Of each, somebody whose only phone did not ring for that reason, and when. */
const asked = new Map<PushAnswer, { readonly userId: string; readonly at: number }>();

/** Rings a phone that gets this answer, and hangs up when it has come. */
async function ringInVain(of: PushAnswer): Promise<void> {
  const [alice, bob] = await people('alice', 'bob');
  const token = await REGISTER[of.service]?.(bob);
  if (token === undefined) throw new Error(`nobody has a device of ${of.service}`);
  const { status, reason } = of;
  // Whatever is tried again is tried when nobody waits for it any more.
  const outcome = { status, ...(reason !== undefined && { reason }), ...(status >= 429 && { retry_after: 60 }) };
  await script(token, ...Array.from({ length: 20 }, () => outcome));
  const at = Date.now();
  const { id } = await ring(alice, bob);
  await pushes(token, 1);
  // A slow machine may lose a connection before that.
  await traced(bob, id, (row) => row.event === 'push.failed' && [status, LATER.status].includes(row.status ?? 0));
  await alice.post(callPath(id, '/mark_ended'));
  asked.set(of, { userId: bob.id, at });
}

beforeAll(async () => {
  // A refused key is signed anew, and that soon enough is refused for all: those come last.
  const isLast = ({ reason = '' }: (typeof REASONS)[number]): boolean => RENEWED.has(reason);
  for (const waiting of [REASONS.filter((of) => !isLast(of)), REASONS.filter(isLast)]) {
    const work = async (): Promise<void> => {
      for (let next = waiting.shift(); next; next = waiting.shift()) await ringInVain(next);
    };
    await Promise.all(Array.from({ length: 4 }, work));
  }
  // APNs would refuse, on these connections, the new key that a refused one leads to.
  await restartFunctions();
});

const MINUTE_MS = 60_000;

/** What keeps a phone silent before any push service is asked, and the row of the trace that says so. */
interface Unasked {
  readonly silence: (bob: Person, alice: Person) => Promise<unknown>;
  readonly isSaid: (row: TraceEvent) => boolean;
}

const isSkipped = (reason: string) => (row: TraceEvent) => row.reason === reason;

/** By what the list of calls says of it. */
const UNASKED: Readonly<Record<string, Unasked>> = {
  'no phone is registered and no app is connected': {
    silence: async () => {},
    isSaid: ({ event }) => event === 'call.unreachable',
  },
  'this APNs token is not a PushKit token and cannot ring': {
    silence: (bob) => bob.post('/api/v2/devices', { id: anApnsToken(), push_provider: 'apn' }),
    isSaid: isSkipped('not_ringable'),
  },
  'no firebase provider nobodys': {
    silence: (bob) => bob.android({ push_provider_name: 'nobodys' }),
    isSaid: isSkipped('provider_not_configured'),
  },
  'the callee has blocked the caller': {
    silence: async (bob, alice) => {
      await bob.android();
      await bob.put(`/api/v2/blocks/${alice.id}`);
    },
    isSaid: isSkipped('blocked'),
  },
  'the callee does not want to be disturbed': {
    silence: async (bob) => {
      await bob.android();
      await bob.put('/api/v2/preferences', { do_not_disturb: true });
    },
    isSaid: isSkipped('do_not_disturb'),
  },
};

/** The verdict that the list of calls shows of a user's call at a time. */
async function verdictOn(page: Page, userId: string, at: number): Promise<string> {
  await page.getByLabel('User', { exact: true }).fill(userId);
  await page.getByLabel('From').fill(localTime(at - MINUTE_MS));
  await page.getByLabel('To').fill(localTime(at + 5 * MINUTE_MS));
  await page.keyboard.press('Enter');
  return (await page.locator('.calls li', { hasText: userId }).locator('.call-verdict').textContent()) ?? '';
}

describe('an operator with a user id and a time', () => {
  it('knows all reasons that the page on push outcomes has', () => {
    expect(REASONS.length).toBeGreaterThan(50);
    expect([...new Set(REASONS.map(({ service }) => service))]).toEqual(['APNs', 'FCM', 'Web Push']);
  });

  it('reads the reason off the list of calls, for every one of them, and the answer of the service off the call', async () => {
    const page = await openConsole('/console/');
    for (const of of REASONS) {
      const { userId, at } = asked.get(of) ?? { userId: '', at: Date.now() };
      const verdict = await verdictOn(page, userId, at);
      const { service, status, reason = '' } = of;
      expect(verdict).toMatch(/^not rung: /);
      expect(verdict).toContain(service);
      const words = IN_WORDS[`${service} ${status}`] ?? IN_WORDS[reason] ?? `${status} ${reason}`;
      const later = RENEWED.has(reason) ? LATER.words : words;
      expect(
        [words, later].some((each) => verdict.includes(each)),
        verdict,
      ).toBe(true);
    }
    await page.locator('.calls a').click();
    await page.getByRole('row').filter({ hasText: 'refuses: 503' }).first().waitFor();
  });

  it('reads off what kept a phone silent before any push service was asked', async () => {
    const page = await openConsole('/console/');
    for (const [why, { silence, isSaid }] of Object.entries(UNASKED)) {
      const [alice, bob] = await people('alice', 'bob');
      await silence(bob, alice);
      const at = Date.now();
      const { id } = await ring(alice, bob);
      await traced({ get: (path) => asServer('GET', path) }, id, isSaid);
      await alice.post(callPath(id, '/mark_ended'));
      await expect.poll(() => verdictOn(page, bob.id, at), { timeout: PATIENCE_MS }).toBe(`not rung: ${why}`);
    }
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import type { PushToken } from '#domain/push-token/token.ts';
import { type EpochMs, later } from '#domain/time.ts';
import type { Measurement } from '#ports/meter.ts';
import type { PushOutcome, PushSender } from '#ports/push-sender.ts';
import { breaker } from '#usecases/push/breaker.ts';
import { anAndroidPhone, anIphone, aPush, NOON } from '../../support/builders.ts';

const PUSH = aPush();
const OK: PushOutcome = { kind: 'accepted', messageId: 'm' };
const fault = (reason = 'InvalidProviderToken', status = 403): PushOutcome => ({
  kind: 'refused',
  status,
  reason,
  misconfigured: true,
});
const WITHHELD = { kind: 'withheld', reason: 'InvalidProviderToken' };

let now: EpochMs;
let version: string;
let stored: string;
let answer: (device: PushToken) => PushOutcome | Promise<PushOutcome>;
let sent: PushToken[];
let figures: Measurement[];
let written: string[];
let sender: PushSender;
beforeEach(() => {
  [now, version, stored, sent, figures, written] = [NOON, 'v1', 'v1', [], [], []];
  answer = () => fault();
  sender = breaker({
    sender: {
      send: async (device) => {
        sent.push(device);
        return answer(device);
      },
    },
    providers: {
      versionOf: async () => version,
      refresh: async () => {
        version = stored;
      },
      ringingByAlert: async () => new Set(),
    },
    faults: {
      record: async ({ reason, userId }) => void written.push(`${reason} ${userId}`),
      clear: async ({ provider }) => void written.push(`${provider} works`),
    },
    clock: () => now,
    meter: { record: (figure) => figures.push(figure) },
  });
});

let phones = 0;
const phone = (extra: Partial<PushToken> = {}) => {
  phones += 1;
  return anIphone({ key: `phone-${phones}`, ...extra });
};
const send = (device = phone()) => sender.send(device, PUSH);
/** Two tokens in a row were refused for the same fault. */
const broken = async () => {
  await send();
  await send();
  sent = [];
};

describe('a provider that refuses two tokens in a row for a fault of ours', () => {
  beforeEach(broken);

  it('is sent nothing more, and is told of once', async () => {
    expect(await send()).toEqual(WITHHELD);
    expect(await send()).toEqual(WITHHELD);
    expect(sent).toEqual([]);
    expect(figures).toEqual([
      { type: 'provider_failing', provider: 'apn', name: 'default', reason: 'InvalidProviderToken' },
    ]);
  });

  it('is asked by one push after 30 s, and again 30 s later where that is refused', async () => {
    now = later(NOON, 30_000);
    expect(await send()).toEqual(fault());
    expect(await send()).toEqual(WITHHELD);
    now = later(NOON, 59_999);
    expect(await send()).toEqual(WITHHELD);
    now = later(NOON, 60_000);
    await send();
    expect(sent).toHaveLength(2);
    expect(figures).toHaveLength(3);
  });

  it('gets every push again once one was not refused for it; those that came meanwhile have waited', async () => {
    now = later(NOON, 30_000);
    const { promise, resolve } = Promise.withResolvers<PushOutcome>();
    answer = () => promise;
    const first = send();
    const second = send();
    resolve(OK);
    expect(await Promise.all([first, second])).toEqual([OK, OK]);
    expect(await send()).toEqual(OK);
  });

  it('is not taken for mended by an answer that says nothing of it', async () => {
    now = later(NOON, 30_000);
    const nothing: PushOutcome = { kind: 'retryable', status: 503, reason: 'ServiceUnavailable' };
    answer = () => nothing;
    expect(await send()).toEqual(nothing);
    expect(await send()).toEqual(WITHHELD);
  });

  it('gets its pushes at once when its settings change', async () => {
    stored = 'v2';
    answer = () => OK;
    expect(await send()).toEqual(OK);
  });

  it('holds up no other provider, kind, environment or topic', async () => {
    answer = () => OK;
    const others = [
      phone({ providerName: 'other' }),
      anAndroidPhone(),
      phone({ sandbox: true }),
      phone({ voip: false }),
    ];
    for (const other of others) expect(await send(other)).toEqual(OK);
  });
});

describe('what does not stop a provider', () => {
  it.each<[string, PushOutcome]>([
    ['a token of another app', { kind: 'refused', status: 400, reason: 'DeviceTokenNotForTopic' }],
    ['a dead token', { kind: 'unregistered', status: 410, reason: 'Unregistered' }],
    ['a service that is down', { kind: 'retryable', status: 503, reason: 'Shutdown' }],
  ])('is %s, however often', async (_, outcome) => {
    answer = () => outcome;
    for (let i = 0; i < 4; i += 1) expect(await send()).toEqual(outcome);
  });

  it('is one token that is refused again and again', async () => {
    const one = phone();
    for (let i = 0; i < 4; i += 1) expect(await send(one)).toEqual(fault());
    answer = () => OK;
    expect(await send()).toEqual(OK);
  });

  it('is two tokens that are refused with a good one in between, or for two reasons', async () => {
    await send();
    answer = () => OK;
    await send();
    answer = () => fault();
    await send();
    answer = () => fault('TopicDisallowed', 400);
    await send();
    answer = () => OK;
    expect(await send()).toEqual(OK);
  });
});

it('needs no second token where none was asked for: the account itself was refused', async () => {
  answer = () => fault('bad credentials', 0);
  await send();
  expect(await send()).toEqual({ kind: 'withheld', reason: 'bad credentials' });
});

it('sends again what was refused under settings that have changed since', async () => {
  stored = 'v2';
  answer = () => (version === 'v2' ? OK : fault());
  expect(await send()).toEqual(OK);
});

it('tells of credentials that are refused for several users in a row, and withholds nothing for them', async () => {
  answer = ({ userId }) =>
    userId === 'carol' ? OK : { kind: 'refused', status: 403, reason: 'Forbidden', unauthorized: true };
  for (const userId of ['alice', 'bob', 'dave', 'carol', 'carol'])
    expect((await send(phone({ userId }))).kind).toBe(userId === 'carol' ? 'accepted' : 'refused');
  expect(sent).toHaveLength(5);
  expect(written).toEqual(['Forbidden alice', 'Forbidden bob', 'Forbidden dave', 'apn works']);
  expect(figures).toEqual([]);
});

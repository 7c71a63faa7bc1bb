import { beforeEach, describe, expect, it } from 'vitest';
import type { PushToken } from '#domain/push-token/token.ts';
import { type EpochMs, later } from '#domain/time.ts';
import type { PushOutcome } from '#ports/push-sender.ts';
import type { PushTokenStore } from '#ports/push-token-store.ts';
import { sendPush } from '#usecases/push/send-push.ts';
import { anIphone, aPush, NOON } from '../../support/builders.ts';

const PUSH = aPush({ ringId: 'r' });
const OK: PushOutcome = { kind: 'accepted', messageId: 'm' };
const BAD_TOKEN: PushOutcome = { kind: 'wrong_environment', status: 400, reason: 'BadDeviceToken' };
const dead = (since?: EpochMs): PushOutcome => ({
  kind: 'unregistered',
  status: 410,
  reason: 'Unregistered',
  ...(since !== undefined && { since }),
});

let sent: boolean[];
let learned: unknown[];
let removals: string[];
beforeEach(() => {
  [sent, learned, removals] = [[], [], []];
});

/** Pushes to `device`, which gets these answers one after the other. */
function push(device: PushToken, answers: readonly PushOutcome[], store: Partial<PushTokenStore> = {}) {
  const left = [...answers];
  const unused = (): never => {
    throw new Error('not to be used');
  };
  return sendPush({
    sender: {
      send: async ({ sandbox }) => {
        sent.push(sandbox);
        return left.shift() ?? unused();
      },
    },
    pushTokens: {
      register: unused,
      list: unused,
      held: unused,
      removeIfUnchanged: async (_, reason) => {
        removals.push(reason);
        return true;
      },
      note: async (_, what) => {
        learned.push(what);
      },
      ...store,
    },
    clock: () => NOON,
    meter: { record: () => undefined },
  })(device, PUSH, 1);
}

const eventsOf = ({ trace }: Awaited<ReturnType<typeof push>>) => trace.map(({ event }) => event);

describe('a token', () => {
  it('that is dead goes, and the trace says why', async () => {
    const pushed = await push(anIphone(), [dead()]);
    expect(removals).toEqual(['Unregistered']);
    expect(pushed.trace.at(-1)).toMatchObject({ event: 'device.removed', details: { reason: 'Unregistered' } });
  });

  it.each<[string, number, string[]]>([
    ['before it was registered stays', -1, []],
    ['since it was registered goes', 0, ['Unregistered']],
  ])('that was seen dead %s', async (_, ms, expected) => {
    await push(anIphone(), [dead(later(NOON, ms))]);
    expect(removals).toEqual(expected);
  });

  it('that was registered anew while it was pushed to is not said to be removed', async () => {
    expect(eventsOf(await push(anIphone(), [dead()], { removeIfUnchanged: async () => false }))).toEqual([
      'push.attempted',
      'push.failed',
    ]);
  });

  it.each<PushOutcome>([
    { kind: 'refused', status: 400, reason: 'DeviceTokenNotForTopic' },
    { kind: 'refused', status: 403, reason: 'InvalidProviderToken', misconfigured: true },
    { kind: 'withheld', reason: 'InvalidProviderToken' },
    { kind: 'retryable', status: 503, reason: 'Shutdown' },
  ])('stays after %o', async (outcome) => {
    await push(anIphone(), [outcome]);
    expect(removals).toEqual([]);
  });
});

describe('a device that is refused', () => {
  const refused: PushOutcome = { kind: 'refused', status: 400, reason: 'BadTopic', misconfigured: true };

  it('is failing since the first time, for the latest reason, until it works', async () => {
    await push(anIphone(), [refused]);
    await push(anIphone({ failing: { reason: 'Forbidden', since: later(NOON, -5) } }), [refused]);
    await push(anIphone({ failing: { reason: 'BadTopic', since: later(NOON, -5) } }), [OK]);
    expect(learned).toEqual([
      { failing: { reason: 'BadTopic', since: NOON } },
      { failing: { reason: 'BadTopic', since: later(NOON, -5) } },
      { works: true },
    ]);
  });

  it('is not written down again for the same reason', async () => {
    await push(anIphone({ failing: { reason: 'BadTopic', since: NOON } }), [refused]);
    expect(learned).toEqual([]);
  });

  it('whose push does not even leave is skipped, and failing for the cause', async () => {
    const { trace } = await push(anIphone(), [{ kind: 'withheld', reason: 'BadTopic' }]);
    expect(trace).toMatchObject([
      { event: 'push.skipped', details: { reason: 'provider_is_failing', cause: 'BadTopic', provider: 'apn' } },
    ]);
    expect(learned).toEqual([{ failing: { reason: 'BadTopic', since: NOON } }]);
  });
});

describe('a token that this environment does not know', () => {
  it('is tried once in the other one, which is remembered where it works', async () => {
    expect(await push(anIphone({ sandbox: true }), [BAD_TOKEN, OK])).toMatchObject({ outcome: OK });
    expect(sent).toEqual([true, false]);
    expect(learned).toEqual([{ sandbox: false }]);
  });

  it('rings, also when that cannot be written down', async () => {
    const note = async () => {
      throw new Error('no table');
    };
    expect(await push(anIphone(), [BAD_TOKEN, OK], { note })).toMatchObject({ outcome: OK });
  });

  it('goes when neither knows it', async () => {
    await push(anIphone(), [BAD_TOKEN, BAD_TOKEN]);
    expect(removals).toEqual(['BadDeviceToken']);
    expect(sent).toHaveLength(2);
  });

  it.each<PushOutcome>([
    { kind: 'refused', status: 403, reason: 'BadEnvironmentKeyInToken', misconfigured: true },
    { kind: 'withheld', reason: 'BadEnvironmentKeyInToken' },
  ])('stays, failing, where the other one refused us and not the token: %o', async (second) => {
    const { outcome } = await push(anIphone(), [BAD_TOKEN, second]);
    expect(outcome).toEqual({ kind: 'refused', status: 400, reason: 'BadDeviceToken' });
    expect(removals).toEqual([]);
    expect(learned).toEqual([{ failing: { reason: 'BadDeviceToken', since: NOON } }]);
  });
});

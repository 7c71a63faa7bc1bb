import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { PushToken } from '#domain/push-token/token.ts';
import { later } from '#domain/time.ts';
import type { PushOutcome } from '#ports/push-sender.ts';
import type { RingJob } from '#ports/queues.ts';
import { retryPush } from '#usecases/ringing/retry-push.ts';
import { retryStopOrNotice } from '#usecases/ringing/retry-stop-or-notice.ts';
import { ringMember } from '#usecases/ringing/ring-member.ts';
import { silenceMember } from '#usecases/ringing/silence-member.ts';
import { bobsPhones } from '../support/bobs-phones.ts';
import { aRingingCall, NOON } from '../support/builders.ts';
import { useEmbeddedTable } from '../support/embedded-table.ts';

useEmbeddedTable();

const ACCEPTED: PushOutcome = { kind: 'accepted', messageId: 'm' };
const DEAD: PushOutcome = { kind: 'unregistered', status: 410, reason: 'Unregistered' };
const WRONG: PushOutcome = { kind: 'wrong_environment', status: 400, reason: 'BadDeviceToken' };
const REFUSED: PushOutcome = { kind: 'refused', status: 400, reason: 'INVALID_ARGUMENT' };
const WITHHELD: PushOutcome = { kind: 'withheld', reason: 'InvalidProviderToken' };
const BUSY: PushOutcome = { kind: 'retryable', status: 503, reason: 'UNAVAILABLE' };
const SILENT: PushOutcome = { kind: 'retryable', status: 0, reason: 'timeout' };

const HANDSET = { hardwareId: 'handset' };
const VOIP = { ...HANDSET, provider: 'apn', voip: true } as const;
const at = (ms: number): Partial<PushToken> => ({ refreshedAt: later(NOON, ms) });

/**
 * A handset of bob's that rings by the tokens `w` (its freshest PushKit token), `v`, `f` (its freshest FCM token) and `e`;
 * `outcomes` are what the push services say of each, in turn, then that they took it.
 */
async function aHandset(outcomes: Record<string, PushOutcome[]>, tokens = 'wvfe') {
  const phones = bobsPhones(async (phone) => outcomes[phone]?.shift() ?? ACCEPTED);
  const { deps, userId, registered, pushed, planned } = phones;
  const call = aRingingCall([userId], { cid: `default:${randomUUID()}` });
  const kinds: Record<string, Partial<PushToken>> = {
    w: { ...VOIP, ...at(2) },
    v: { ...VOIP, ...at(1) },
    f: { ...HANDSET, ...at(4) },
    e: { ...HANDSET, ...at(3) },
  };
  await deps.calls.create(call);
  for (const token of tokens) await registered(token, kinds[token]);
  const job = { type: 'ring' as const, cid: call.cid, userId, ringId: 'ring-1' };
  const retries = (redelivered = false, doing = deps) =>
    planned
      .splice(0)
      .filter((one): one is Extract<RingJob, { type: 'retry' }> => one.type === 'retry')
      .reduce((before, one) => before.then(() => retryPush(doing)(one, redelivered)), Promise.resolve());
  const stop = {
    type: 'stop' as const,
    cid: call.cid,
    stop: { userId, ringId: 'ring-1', type: 'call.cancelled' as const, notify: true },
  };
  return {
    ...phones,
    call,
    job,
    retries,
    ring: (redelivered = false, doing = deps) => ringMember(doing)(job, redelivered),
    silence: () => silenceMember(deps)(stop, false),
    rings: () => pushed.filter((one) => one.endsWith('ring')).map((one) => one.slice(0, 1)),
    traced: async (event: string) => (await deps.traces.read(call.cid)).filter((one) => one.event === event),
  };
}

/** The same dependencies, with a push record that crashes as soon as an answer is written. */
const crashing = ({ deps }: Awaited<ReturnType<typeof aHandset>>) => ({
  ...deps,
  wait: async () => undefined,
  pushLog: { ...deps.pushLog, record: () => Promise.reject(new Error('crashed')) },
});

describe('a handset with several tokens', () => {
  it.each([
    ['dead', DEAD],
    ['refused', REFUSED],
    ['wrong in both environments', WRONG],
    ['withheld, since its provider refuses everything,', WITHHELD],
  ])('whose best token is %s rings by the next one, in the same ring', async (_, outcome) => {
    const handset = await aHandset({ w: [outcome, outcome] });
    await handset.ring();
    expect([...new Set(handset.rings())]).toEqual(['w', 'v']);
    expect(handset.planned).toEqual([]);
    expect(await handset.traced('call.unreachable')).toEqual([]);
  });

  it('tries all of them in turn: PushKit tokens, then FCM tokens, the freshest first', async () => {
    const handset = await aHandset({ w: [DEAD], v: [REFUSED], f: [DEAD] });
    await handset.ring();
    expect(handset.rings()).toEqual(['w', 'v', 'f', 'e']);
    expect(await handset.traced('push.skipped')).toEqual([]);
  });

  it('rings once, and the trace names the tokens that were not needed', async () => {
    const handset = await aHandset({ w: [DEAD] });
    await handset.ring();
    await handset.ring(true);
    expect(handset.rings()).toEqual(['w', 'v']);
    const skipped = await handset.traced('push.skipped');
    expect(skipped.map(({ details }) => details?.['reason'])).toEqual(['same_handset', 'same_handset']);
  });

  it('rings by the next one if the best proves dead on a retry only', async () => {
    const handset = await aHandset({ w: [BUSY, DEAD], v: [BUSY, REFUSED] });
    await handset.ring();
    expect(handset.rings()).toEqual(['w']);
    await handset.retries();
    expect(handset.rings()).toEqual(['w', 'w', 'v']);
    await handset.retries();
    expect(handset.rings()).toEqual(['w', 'w', 'v', 'v', 'f']);
    await handset.retries();
    expect(handset.rings()).toHaveLength(5);
    const skipped = await handset.traced('push.skipped');
    expect(skipped.map(({ details }) => details?.['reason'])).toEqual(['same_handset']);
  });

  it('is left alone while nobody knows whether it rings', async () => {
    const handset = await aHandset({ w: [SILENT, REFUSED] });
    await handset.ring();
    await handset.retries();
    expect(handset.rings()).toEqual(['w', 'w']);
  });

  it('rings by the next one once the best, which did not answer, proves dead', async () => {
    const handset = await aHandset({ w: [SILENT, DEAD] });
    await handset.ring();
    await handset.retries();
    expect(handset.rings()).toEqual(['w', 'w', 'v']);
  });

  it('rings by the next one if the best was removed before its retry', async () => {
    const handset = await aHandset({ w: [BUSY] });
    await handset.ring();
    await handset.removed('w');
    await handset.retries();
    expect(handset.rings()).toEqual(['w', 'v']);
  });

  it.each([
    ['dead', DEAD],
    ['refused', REFUSED],
  ])('rings by the next one after a crash before anybody wrote that the best is %s', async (_, outcome) => {
    const handset = await aHandset({ w: [outcome, outcome] });
    await expect(handset.ring(false, crashing(handset))).rejects.toThrow('crashed');
    const lapsed = { ...handset.deps, clock: () => later(NOON, 6001) };
    await handset.ring(true, lapsed);
    expect(handset.rings().at(-1)).toBe('v');
    await handset.ring(true, { ...lapsed, clock: () => later(NOON, 12_002) });
    expect(handset.rings().filter((token) => token === 'v')).toHaveLength(1);
    expect(handset.rings()).not.toContain('f');
  });

  it('rings by the next one after a crash in a retry', async () => {
    const handset = await aHandset({ w: [BUSY, DEAD] });
    await handset.ring();
    const [retry] = handset.planned;
    await expect(handset.retries(false, crashing(handset))).rejects.toThrow('crashed');
    if (retry?.type === 'retry') await retryPush(handset.deps)(retry, true);
    expect(handset.rings()).toEqual(['w', 'w', 'v']);
  });

  it.each([
    ['all_tokens_dead', { w: [DEAD], v: [DEAD] }, 'wv'],
    ['push_rejected', { w: [DEAD], v: [REFUSED] }, 'wv'],
    [undefined, { w: [DEAD], v: [BUSY] }, 'wv'],
    [undefined, { w: [DEAD], v: [DEAD] }, 'wvf'],
  ])('is told of as %s only when all of its tokens have failed', async (reason, outcomes, tokens) => {
    const handset = await aHandset(outcomes, tokens);
    await handset.ring();
    const told = (await handset.traced('call.unreachable')).map(({ details }) => details?.['reason']);
    expect(told).toEqual(reason === undefined ? [] : [reason]);
  });

  it('is told of together with the other handsets, also if their answers are written apart', async () => {
    const handset = await aHandset({ w: [DEAD], x: [REFUSED] }, 'w');
    await handset.registered('x', { hardwareId: 'another' });
    await handset.ring(false, { ...handset.deps, wait: async () => undefined });
    expect(await handset.traced('call.unreachable')).toMatchObject([{ details: { reason: 'push_rejected' } }]);
  });

  it.each([
    ['nobody is connected', undefined, ['all_tokens_dead']],
    ['a connection is there that has no words for the call', 'sessions', ['all_tokens_dead']],
    ['a connection is there that has', 'calls', []],
  ] as const)('is unreachable once a retry finds its last token dead: %s', async (_, dialect, reasons) => {
    const handset = await aHandset({ w: [DEAD], v: [BUSY, DEAD] }, 'wv');
    const { deps, userId } = handset;
    await handset.ring();
    if (dialect)
      await deps.presence.addConnection({
        id: userId,
        userId,
        kind: 'login',
        tokenFingerprint: 'b',
        dialect,
        connectedAt: NOON,
      });
    await handset.retries();
    const told = await handset.traced('call.unreachable');
    expect(told.map(({ details }) => details?.['reason'])).toEqual(reasons);
  });

  it('is not rung by the next one after the ring has ended, and hears of the missed call instead', async () => {
    const outcomes: Record<string, PushOutcome[]> = {};
    const handset = await aHandset(outcomes, 'fe');
    const send = handset.deps.sender.send.bind(handset.deps.sender);
    const sender: typeof handset.deps.sender = {
      async send(pushToken, push) {
        const outcome = await send(pushToken, push);
        if (push.kind !== 'ring') return outcome;
        await handset.silence();
        return DEAD;
      },
    };
    await handset.ring(false, { ...handset.deps, sender });
    for (const job of handset.planned)
      if (job.type === 'retry-notice') await retryStopOrNotice(handset.deps)(job, false);
    expect(handset.pushed).toEqual(['f ring', 'e missed']);
  });
});

describe('a handset whose token is replaced while it rings', () => {
  it.each([
    ['and the old one is still there', false],
    ['and the old one is gone', true],
  ])('is silenced by the new one %s', async (_, gone) => {
    const handset = await aHandset({}, 'f');
    await handset.ring();
    if (gone) await handset.removed('f');
    await handset.registered('n', { ...HANDSET, ...at(9) });
    await handset.silence();
    expect(handset.pushed).toEqual(['f ring', 'n stop']);
  });

  it('is silenced by its own token if an older one is on the same handset', async () => {
    const handset = await aHandset({}, 'fe');
    await handset.ring();
    await handset.silence();
    expect(handset.pushed).toEqual(['f ring', 'f stop']);
  });
});

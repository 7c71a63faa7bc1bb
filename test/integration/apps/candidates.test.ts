import { beforeEach, describe, expect, it, vi } from 'vitest';
import { APP_TEST_MS, arrives, codeOf, dial, startApp, talking, trickle, two } from '../../support/apps.ts';
import { callPath, unique } from '../../support/people.ts';
import type { Frame } from '../../support/raw-client.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

let scene: Awaited<ReturnType<typeof talking>>;
beforeEach(async () => {
  scene = await talking();
});

const text = (name: string) => `candidate:${unique(name)} 1 udp 2113937151 192.0.2.7 54400 typ host`;

/** The ways in which each end sends a candidate. */
const WAYS = ['socket, caller', 'socket, callee', 'REST, caller', 'REST, callee'] as const;

/** Sends a candidate in one of these ways and returns the code of the answer. */
async function send(way: (typeof WAYS)[number], body: object): Promise<string> {
  const isCaller = way.endsWith('caller');
  if (way.startsWith('REST')) {
    const answer = await (isCaller ? scene.alice : scene.bob).post(callPath(scene.id, '/ice'), body);
    return answer.status === 202 ? 'ok' : codeOf(answer);
  }
  return codeOf(await (isCaller ? scene.hers : scene.his).ask({ type: 'ice.candidate', call_cid: scene.cid, ...body }));
}

const receiver = (way: (typeof WAYS)[number]) => (way.endsWith('caller') ? scene.his : scene.hers);
const isEmpty = (candidate: unknown): boolean => candidate === null || candidate === '' || candidate === undefined;

/** Whether a frame, or an entry of its batch, says that there are no more candidates. */
const isEnd = (entry: unknown): boolean => entry === null || isEmpty(Object(entry).candidate);

describe.each(WAYS)('by %s', (way) => {
  it.each([
    ['null', { candidate: null }],
    ['null with a media line', { candidate: null, sdpMid: '0', sdpMLineIndex: 0 }],
    ['an empty text', { candidate: '', sdpMid: '0', sdpMLineIndex: 0 }],
    ['an empty text alone', { candidate: '' }],
    [
      'an empty text with nulls beside it',
      { candidate: '', sdpMid: null, sdpMLineIndex: null, usernameFragment: null },
    ],
  ])('relays %s as the end of the candidates', async (_, body) => {
    expect(await send(way, body)).toBe('ok');
    const frame = await receiver(way).next('ice.candidate');
    expect(isEnd(frame)).toBe(true);
  });

  it.each([
    ['null', null],
    ['an empty candidate', { candidate: '', sdpMid: '0', sdpMLineIndex: 0 }],
    ['a candidate that is null', { candidate: null, sdpMid: '0', sdpMLineIndex: 0 }],
  ])('relays a batch that contains %s', async (_, entry) => {
    const [first, last] = [text('first'), text('last')];
    const candidates = [
      { candidate: first, sdpMid: '0', sdpMLineIndex: 0 },
      entry,
      { candidate: last, sdpMid: '1', sdpMLineIndex: 1 },
    ];
    expect(await send(way, { candidates })).toBe('ok');
    const frame = await receiver(way).next('ice.candidate');
    const came = frame['candidates'] as unknown[];
    expect(came).toHaveLength(3);
    expect([came[0], came[2]]).toMatchObject([
      { candidate: first },
      { candidate: last, sdpMid: '1', sdpMLineIndex: 1 },
    ]);
    expect(isEnd(came[1])).toBe(true);
  });

  it('accepts an empty list and sends nothing', async () => {
    expect(await send(way, { candidates: [] })).toBe('ok');
    const after = text('after');
    expect(await send(way, { candidate: after })).toBe('ok');
    await arrives(receiver(way), after);
    expect(receiver(way).heard('ice.candidate')).toHaveLength(1);
  });

  it('relays usernameFragment, alone and in a batch', async () => {
    const one = { candidate: text('one'), sdpMid: '0', sdpMLineIndex: 0, usernameFragment: 'EsAw' };
    const other = { candidate: text('other'), sdpMid: 'audio', sdpMLineIndex: 2, usernameFragment: 'a+b/c9' };
    expect(await send(way, one)).toBe('ok');
    expect(await receiver(way).next('ice.candidate')).toMatchObject(one);
    expect(await send(way, { candidates: [one, other] })).toBe('ok');
    expect(await receiver(way).next('ice.candidate')).toMatchObject({ candidates: [one, other] });
  });

  it.each([
    ['both null', { sdpMid: null, sdpMLineIndex: null }],
    ['both absent', {}],
    ['an index alone', { sdpMLineIndex: 1 }],
    ['a name alone, the index null', { sdpMid: 'video', sdpMLineIndex: null }],
    ['a usernameFragment that is null', { sdpMid: '0', sdpMLineIndex: 0, usernameFragment: null }],
  ])('accepts a media line with %s', async (_, line) => {
    const candidate = text('line');
    expect(await send(way, { candidate, ...line })).toBe('ok');
    const frame = await receiver(way).next('ice.candidate');
    expect(frame['candidate']).toBe(candidate);
    for (const [name, value] of Object.entries(line)) expect(frame[name] ?? null).toBe(value);
  });

  it.each([
    ['a number', { candidate: 7 }],
    ['a name that is a number', { candidate: 'candidate:x', sdpMid: 0 }],
    ['an index that is a text', { candidate: 'candidate:x', sdpMLineIndex: '0' }],
    ['a fragment that is a number', { candidate: 'candidate:x', usernameFragment: 9 }],
    ['a list that is an object', { candidates: {} }],
  ])('refuses %s', async (_, body) => {
    expect(await send(way, body)).toBe('validation_failed');
  });
});

describe('the end of the candidates', () => {
  it('is kept for a phone that connects later, like the candidates', async () => {
    const [alice, bob] = await two();
    const hers = await startApp(alice);
    const { cid } = await dial(hers, bob);
    const sent = await trickle(hers, cid, 'kept', { usernameFragment: 'kEpT' });
    expect(codeOf(await hers.ask({ type: 'ice.candidate', call_cid: cid, candidate: null }))).toBe('ok');
    const his = await startApp(bob);
    expect(await arrives(his, sent)).toMatchObject({ usernameFragment: 'kEpT' });
    await his.next('ice.candidate', (frame: Frame) => isEnd(frame));
  });
});

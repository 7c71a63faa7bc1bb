import { expect, it } from 'vitest';
import type { PushLog, PushRecord, PushState } from '#ports/push-log.ts';
import { recordTogether } from '#usecases/ringing/record-together.ts';

const ring = { cid: 'default:c', userId: 'bob', ringId: 'r' };

/** A record of pushes that remembers its writes, and a wait that ends when it is told to. */
function aRing(count: number) {
  const writes: Record<string, PushState>[] = [];
  let endWait = (): void => undefined;
  const wait = () =>
    new Promise<void>((resolve) => {
      endWait = resolve;
    });
  const record = async (_: unknown, devices: PushRecord['pushes']): Promise<PushRecord> => {
    writes.push({ ...devices });
    return { pushes: Object.assign({}, ...writes), hardwareIds: {}, removed: [] };
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one method that is called
  const pushLog = { record } as unknown as PushLog;
  return { writes, note: recordTogether({ pushLog, wait }, ring, count), endWait: () => endWait() };
}

it('writes the answer of a single push at once', async () => {
  const { writes, note } = aRing(1);
  await note('a', 'accepted');
  expect(writes).toEqual([{ a: 'accepted' }]);
});

it('writes in one go what comes together, and tells all of them what stands in the record', async () => {
  const { writes, note } = aRing(2);
  const told = await Promise.all([note('a', 'accepted'), note('b', 'dead')]);
  expect(writes).toEqual([{ a: 'accepted', b: 'dead' }]);
  expect(told).toEqual(Array(2).fill({ pushes: { a: 'accepted', b: 'dead' }, hardwareIds: {}, removed: [] }));
});

it('does not wait for one that is slow', async () => {
  const { writes, note, endWait } = aRing(3);
  const quick = Promise.all([note('a', 'accepted'), note('b', 'failed')]);
  endWait();
  await quick;
  await note('c', 'unknown');
  expect(writes).toEqual([{ a: 'accepted', b: 'failed' }, { c: 'unknown' }]);
});

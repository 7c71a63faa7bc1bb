import { bendNetwork } from './bent-network.ts';
import type { Contestant, Ground } from './contestant.ts';
import type { Order, Report } from './protocol.ts';
import type { BenchRing } from './rings.ts';

// The process of one contestant in one play. It is told what to ring, but not how.

/** Contestants whose packages only the benches install. */
const RIVALS: ReadonlySet<string> = new Set(['apns2', 'node-pushnotifications']);

let contestant: Contestant | undefined;
let rings: readonly BenchRing[] = [];

const report = (what: Report): void => void process.send?.(what);

async function startContestant(name: string, ground: Ground): Promise<Contestant> {
  const folder = RIVALS.has(name) ? '../rivals' : './contestants';
  const { start }: { start(on: Ground): Contestant | Promise<Contestant> } = await import(`${folder}/${name}.ts`);
  return start(ground);
}

async function ring(one: BenchRing, expiresAt: number): Promise<void> {
  await contestant?.ring(one, expiresAt).catch(() => undefined);
  report({ type: 'settled' });
}

async function follow(order: Order): Promise<void> {
  switch (order.type) {
    case 'prepare':
      bendNetwork(order.portOf);
      contestant = await startContestant(order.contestant, order.ground);
      ({ rings } = order);
      await contestant.prepare(rings);
      return report({ type: 'ready' });
    case 'open':
      await contestant?.open(order.startsAt);
      return report({ type: 'ready' });
    case 'ring': {
      const one = rings[order.index];
      if (one) await ring(one, order.expiresAt);
      return undefined;
    }
    case 'finish':
      return report({ type: 'finished', deleted: (await contestant?.deleted()) ?? [] });
  }
}

process.on('message', (order: Order) => {
  follow(order).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  });
});

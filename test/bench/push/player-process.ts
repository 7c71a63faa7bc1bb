import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, open, rm, writeFile } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { Order, Report } from './protocol.ts';

/** The process of a sender. */
export interface Player {
  readonly process: ChildProcess;
  tell(order: Order): void;
  /** Resolves when it is ready. */
  ask(order: Order): Promise<void>;
  /** Resolves when all rings have ended, or after a time limit. */
  settled(ms: number): Promise<void>;
  /** Ends it, and returns the tokens that it has deleted. */
  finish(): Promise<readonly string[]>;
}

/** Starts a process for `contestant` that trusts `caPem`. Its errors go to a file. */
export async function startPlayer(contestant: string, caPem: string): Promise<Player> {
  await mkdir('.cache', { recursive: true });
  // Each play has its own file: the last play of the same sender may not be over yet.
  const ca = `.cache/bench-ca-${randomUUID()}.pem`;
  await writeFile(ca, caPem);
  const log = await open(`.cache/bench-${contestant}.log`, 'a');
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: ca };
  const child = fork('test/bench/push/player.ts', { env, stdio: ['ignore', 'ignore', log.fd, 'ipc'] });
  const exited = once(child, 'exit').then(() => Promise.all([log.close(), rm(ca)]));
  const next = (type: Report['type']): Promise<Report> =>
    new Promise((resolve, reject) => {
      const hear = (report: Report): void => {
        if (report.type !== type) return;
        child.off('message', hear);
        resolve(report);
      };
      child.on('message', hear);
      void exited.then(() => reject(new Error(`${contestant} ended: see .cache/bench-${contestant}.log`)));
    });
  let outstanding = 0;
  let onIdle = (): void => undefined;
  child.on('message', (report: Report) => {
    if (report.type !== 'settled') return;
    outstanding -= 1;
    if (outstanding === 0) onIdle();
  });
  const tell = (order: Order): void => {
    if (order.type === 'ring') outstanding += 1;
    child.send(order, () => undefined);
  };
  return {
    process: child,
    tell,
    async ask(order) {
      const ready = next('ready');
      tell(order);
      await ready;
    },
    async settled(ms) {
      const idle = new Promise<void>((resolve) => {
        onIdle = resolve;
        if (outstanding === 0) resolve();
      });
      await Promise.race([idle, exited, wait(ms, undefined, { ref: false })]);
    },
    async finish() {
      const finished = next('finished');
      tell({ type: 'finish' });
      const report = await finished.catch(() => undefined);
      child.kill('SIGKILL');
      await exited;
      return report?.type === 'finished' ? report.deleted : [];
    },
  };
}

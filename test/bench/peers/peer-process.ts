import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A server in another process. */
export interface PeerProcess {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts a server that sends its port. */
export async function startPeerProcess(file: string): Promise<PeerProcess> {
  const child: ChildProcess = fork(`test/bench/rivals/${file}`, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const exited = once(child, 'exit');
  const [port] = await Promise.race([once(child, 'message'), exited.then(() => [undefined])]);
  if (typeof port !== 'number') throw new Error(`${file} ended before it listened`);
  return {
    port,
    async stop() {
      child.kill();
      await exited;
    },
  };
}

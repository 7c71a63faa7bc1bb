import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { BareGround } from './bare-clients.ts';
import type { FLOORS } from './floors.ts';
import type { Play, Sample } from './samples.ts';

/** A floor in its own process, as each function has one. */
export interface FloorProcess {
  readonly play: Play;
  stop(): Promise<void>;
}

/** What the process has to know: its floor, and the addresses of the stack and of the engine with the table, and whether the stack plays AWS. */
export interface FloorGround extends BareGround {
  readonly floor: keyof typeof FLOORS;
  readonly url: string;
}

/** Starts it; resolves when its connections are open. */
export async function startFloorProcess(ground: FloorGround): Promise<FloorProcess> {
  const child = fork('test/bench/latency/floor-player.ts', [JSON.stringify(ground)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const told = async (): Promise<readonly Sample[]> => {
    const [samples] = await Promise.race([once(child, 'message'), exited.then(() => [undefined])]);
    if (!Array.isArray(samples)) throw new Error(`the process of the floor ${ground.floor} has ended`);
    return samples;
  };
  await told();
  return {
    play() {
      const samples = told();
      child.send('play');
      return samples;
    },
    async stop() {
      child.disconnect();
      await exited;
    },
  };
}

import { type FloorGround, type FloorProcess, startFloorProcess } from './floor-process.ts';
import { FLOORS } from './floors.ts';
import type { Play, Sample } from './samples.ts';
import type { Scenery } from './scenery.ts';

/** The floors of all figures. */
export interface Floors {
  /** Plays each of them once when the stack is quiet, like the steps of Carillon's calls. */
  readonly play: Play;
  stop(): Promise<void>;
}

/** Starts a process for each floor. */
export async function startFloors(scenery: Scenery, ground: Omit<FloorGround, 'floor'>): Promise<Floors> {
  const started: FloorProcess[] = [];
  for (const floor in FLOORS) if (isFloor(floor)) started.push(await startFloorProcess({ ...ground, floor }));
  return {
    async play() {
      const samples: Sample[] = [];
      for (const { play } of started) {
        await scenery.quiet();
        samples.push(...(await play()));
      }
      return samples;
    },
    stop: async () => void (await Promise.all(started.map((floor) => floor.stop()))),
  };
}

const isFloor = (name: string): name is keyof typeof FLOORS => name in FLOORS;

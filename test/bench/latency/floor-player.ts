import { openBareClients } from './bare-clients.ts';
import type { FloorGround } from './floor-process.ts';
import { FLOORS } from './floors.ts';
import type { Sample } from './samples.ts';
import { sceneryAt } from './scenery.ts';

// The process of one floor, so that its code is not compiled further than that of a function. It reports when it is
// ready, answers every request to play, and ends with the process that has started it.

const ground: FloorGround = JSON.parse(String(process.argv[2]));
const { floor, url } = ground;
const scenery = sceneryAt(url);
const clients = await openBareClients(scenery, ground);
const tell = (samples: readonly Sample[]): void => void process.send?.(samples);

process.on('message', () => {
  FLOORS[floor](clients, scenery).then(tell, (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  });
});
process.once('disconnect', () => void clients.close());
tell([]);

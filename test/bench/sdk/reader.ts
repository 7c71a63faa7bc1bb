import { STEPS } from './steps.ts';
import { WAYS } from './ways.ts';

// A process that reads a row in one way and sends the processor time that a request took, in ms, for each step.

const [way = '', ground = ''] = process.argv.slice(2);
const read = WAYS[way]?.(JSON.parse(ground));
if (!read) throw new Error(`there is no way ${way}`);
const times: number[] = [];
for (const { requests } of STEPS) {
  const before = process.cpuUsage();
  for (let i = 0; i < requests; i += 1) await read();
  const { user, system } = process.cpuUsage(before);
  times.push((user + system) / 1000 / requests);
}
process.send?.(times, () => process.exit());

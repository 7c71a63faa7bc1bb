import { cpus } from 'node:os';
import { madeBy } from '../machine.ts';
import { connectionsText } from './connections-text.ts';
import { growthText } from './growth-text.ts';
import type { ScaleResult } from './measure-scale.ts';
import { ringRateText } from './ring-rate-text.ts';

/** The part of the page about scale, in Markdown. */
export function scaleSection({ ring_rate, idle_connections, ...growth }: ScaleResult): string {
  return `## How much it takes

${madeBy('npm run bench', [], new Date())}

The whole stack runs on the ${cpus().length} cores of this machine, and so do the clients, in a process of their own: what is measured is how the figures grow and who does the work, not what AWS would take. There every function has processors of its own. What follows for AWS is in [scale](scale.md).

${ringRateText(ring_rate)}

${connectionsText(idle_connections)}

${growthText(growth)}`;
}

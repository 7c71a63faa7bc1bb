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

The whole stack and its clients share ${cpus().length} cores, so these figures show how the work grows and who does it, not what AWS can take. For AWS see [scale](scale.md).

${ringRateText(ring_rate)}

${connectionsText(idle_connections)}

${growthText(growth)}`;
}

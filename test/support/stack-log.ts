import { readFileSync } from 'node:fs';
import { inject } from 'vitest';
import { type EmbeddedMetric, readEmbedded } from './embedded-metric.ts';
import { eventually } from './people.ts';

/** What the functions of the stack under test have logged so far. */
export const stackLog = (): string => readFileSync(inject('stackFiles').log, 'utf8');

/** The metrics that the functions have logged so far; the form of each is checked. */
const metrics = (): EmbeddedMetric[] =>
  stackLog()
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.includes('"_aws"'))
    .map((line) => readEmbedded(line.slice(line.indexOf('{'))));

/** The metrics of a name so far; with a `cid`, those of this call. */
export const metricsOf = (name: string, cid?: string): EmbeddedMetric[] =>
  metrics().filter((metric) => metric.name === name && (cid === undefined || metric.fields['call_cid'] === cid));

/** Waits until there are at least `count` metrics of a name. */
export const awaitMetrics = (name: string, count: number, cid?: string): Promise<EmbeddedMetric[]> =>
  eventually(async () => {
    const found = metricsOf(name, cid);
    return found.length >= count && found;
  }, `${count} × ${name}`);

import { readFileSync } from 'node:fs';
import { inject } from 'vitest';
import { type EmbeddedMetric, readEmbedded } from './embedded-metric.ts';
import { eventually } from './people.ts';

/** What the functions of the stack under test have logged so far. */
export const stackLog = (): string => readFileSync(inject('stackFiles').log, 'utf8');

/** The metrics that the functions have logged so far. The form of each is checked. */
const figures = (): EmbeddedMetric[] =>
  stackLog()
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.includes('"_aws"'))
    .map((line) => readEmbedded(line.slice(line.indexOf('{'))));

/** The metrics of a name so far, of all calls or of one. */
export const figuresOf = (name: string, cid?: string): EmbeddedMetric[] =>
  figures().filter((figure) => figure.name === name && (cid === undefined || figure.fields['call_cid'] === cid));

/** Waits for `many` metrics of a name. */
export const someFigures = (name: string, many: number, cid?: string): Promise<EmbeddedMetric[]> =>
  eventually(async () => {
    const found = figuresOf(name, cid);
    return found.length >= many && found;
  }, `${many} × ${name}`);

import { readFileSync } from 'node:fs';
import { inject } from 'vitest';
import { type EmbeddedMetric, readEmbedded } from './embedded-metric.ts';
import { eventually } from './people.ts';

/** What the functions of the stack under test have logged so far. */
export const stackLog = (): string => readFileSync(inject('stackFiles').log, 'utf8');

/** The figures that the functions have logged so far, each checked for its form. */
const figures = (): EmbeddedMetric[] =>
  stackLog()
    .split('\n')
    .slice(0, -1)
    .filter((line) => line.includes('"_aws"'))
    .map((line) => readEmbedded(line.slice(line.indexOf('{'))));

/** The figures of a name so far; of one call, where `cid` says so. */
export const figuresOf = (name: string, cid?: string): EmbeddedMetric[] =>
  figures().filter((figure) => figure.name === name && (cid === undefined || figure.fields['call_cid'] === cid));

/** Waits until there are as many figures of a name as that. */
export const someFigures = (name: string, many: number, cid?: string): Promise<EmbeddedMetric[]> =>
  eventually(async () => {
    const found = figuresOf(name, cid);
    return found.length >= many && found;
  }, `${many} × ${name}`);

import { rounded } from '../../quantile.ts';
import type { CpuProfile } from './inspector.ts';
import { originPlaces } from './origin-places.ts';

/** A function in a profile. */
export interface HotFunction {
  readonly name: string;
  /** Its file in the repository, its package, or its module of Node. */
  readonly where: string;
  /** Its own share of the process's working time. */
  readonly share: number;
}

/** How a process spent its working time. */
export interface HotSpots {
  readonly functions: readonly HotFunction[];
  /** The same by the owner of the code: Node, a package, a folder of the repository. */
  readonly owners: Readonly<Record<string, number>>;
}

/** Names of entries for the time without work. */
const IDLE = new Set(['(idle)', '(root)']);
/** Samples are half a millisecond apart. During a longer gap the process was frozen, or others had the core. */
const MOST_US = 2000;
const MOST_FUNCTIONS = 12;

/** Evaluates a profile. Code in a bundle is attributed to its source files. */
export async function hotSpots({ nodes, samples, timeDeltas }: CpuProfile): Promise<HotSpots> {
  const placeOf = await originPlaces(nodes.map(({ callFrame }) => callFrame.url));
  const places = new Map(
    nodes
      .filter(({ callFrame }) => !IDLE.has(callFrame.functionName))
      .map(({ id, callFrame }) => [id, placeOf(callFrame)]),
  );
  const functions = new Map<string, HotFunction>();
  const owners: Record<string, number> = {};
  let worked = 0;
  samples.forEach((id, index) => {
    const place = places.get(id);
    if (!place) return;
    const us = Math.min(timeDeltas[index] ?? 0, MOST_US);
    const key = `${place.where} ${place.name}`;
    functions.set(key, { ...place, share: (functions.get(key)?.share ?? 0) + us });
    const owner = ownerOf(place.where);
    owners[owner] = (owners[owner] ?? 0) + us;
    worked += us;
  });
  const hottest = [...functions.values()].toSorted((a, b) => b.share - a.share).slice(0, MOST_FUNCTIONS);
  const sorted = Object.entries(owners).toSorted(([, a], [, b]) => b - a);
  return {
    functions: hottest.map((of) => ({ ...of, share: rounded(of.share / worked, 4) })),
    owners: Object.fromEntries(sorted.map(([owner, us]) => [owner, rounded(us / worked, 4)])),
  };
}

/** `shared/adapters/dynamodb/table.ts` belongs to `shared/adapters`, `node:http` to Node, a package to itself or its family. */
function ownerOf(where: string): string {
  if (where.startsWith('node:')) return 'Node';
  if (/^@(?:aws-sdk|smithy|aws-lambda-powertools|aws-crypto)\//.test(where)) return 'AWS SDK and Powertools';
  const folder = /^(local|functions|shared\/[^/]+)\//.exec(where)?.[1];
  return folder ?? /^(?:@[^/]+\/)?[^/]+/.exec(where)?.[0] ?? where;
}

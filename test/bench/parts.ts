import { billedSection } from './billed/billed-section.ts';
import { measureBilled } from './billed/measure-billed.ts';
import { clientSection, clientTables } from './client/client-section.ts';
import { measureCalls } from './client/measure-calls.ts';
import { measurePackages } from './client/measure-packages.ts';
import { coldStartSection } from './cold-start/cold-start-section.ts';
import { measureColdStarts } from './cold-start/measure-cold-starts.ts';
import { dialectsSection } from './dialects/dialects-section.ts';
import { measureDialects } from './dialects/measure-dialects.ts';
import { eventsSection, eventsTables } from './events/events-section.ts';
import { measureEvents } from './events/measure-events.ts';
import { awsLatencySection, awsLatencyTable } from './latency/aws-latency-section.ts';
import { latencySection, latencyTable, PEERS_NOTE, peerTable } from './latency/latency-section.ts';
import { measureLatency, measureLatencyLikeAws } from './latency/measure-latency.ts';
import { measureMemory } from './memory/measure-memory.ts';
import { memorySection, memoryTables } from './memory/memory-section.ts';
import type { Options } from './options.ts';
import { measureScale } from './scale/measure-scale.ts';
import { scaleSection } from './scale/scale-section.ts';
import { measureSdk } from './sdk/measure-sdk.ts';
import { sdkSection, sdkTable } from './sdk/sdk-section.ts';

/** The results of a part of the bench. */
export interface Measured {
  /** What goes into `bench-results.json`. */
  readonly results: object;
  /** For the terminal. */
  readonly table: string;
  /** Its part of the page, in Markdown. */
  readonly section: string;
}

/** A part of the bench. */
export interface Part {
  /** Its name on the command line and between the marks of the page. */
  readonly key: string;
  measure(options: Options): Promise<Measured>;
}

const told = (done: number): void => {
  if (done % 25 === 0) process.stderr.write(`latency: ${done} calls of each kind\n`);
};

/** All parts, in the order in which they are measured. */
const PARTS: readonly Part[] = [
  {
    key: 'latency',
    async measure({ calls }) {
      const results = await measureLatency(calls, told);
      const table = [latencyTable(results), peerTable(results), PEERS_NOTE].join('\n\n');
      return { results, table, section: latencySection(results, new Date()) };
    },
  },
  {
    key: 'dialects',
    async measure({ calls }) {
      const dialects = await measureDialects(calls);
      const section = dialectsSection(dialects, new Date());
      return { results: { dialects }, table: section, section };
    },
  },
  {
    key: 'billed',
    async measure() {
      const results = await measureBilled();
      const section = billedSection(results);
      return { results, table: section, section };
    },
  },
  {
    key: 'cold-start',
    async measure() {
      const cold_start = await measureColdStarts();
      const section = coldStartSection(cold_start);
      return { results: { cold_start }, table: section, section };
    },
  },
  {
    key: 'sdk',
    async measure() {
      const sdk = await measureSdk();
      return { results: { sdk }, table: sdkTable(sdk), section: sdkSection(sdk, new Date()) };
    },
  },
  {
    key: 'scale',
    async measure() {
      const scale = await measureScale();
      const section = scaleSection(scale);
      return { results: { scale }, table: section, section };
    },
  },
  {
    key: 'events',
    async measure({ calls }) {
      // Its calls wait for the stacks to be quiet, one after the other.
      const events = await measureEvents(Math.ceil(calls / 5));
      return { results: { events }, table: eventsTables(events), section: eventsSection(events, new Date()) };
    },
  },
  {
    key: 'client',
    async measure({ calls }) {
      const packages = await measurePackages();
      // Each waits for a camera and for pictures.
      const times = await measureCalls(Math.ceil(calls / 20));
      const section = clientSection(packages, times, new Date());
      return { results: { client: { packages, times } }, table: clientTables(packages, times), section };
    },
  },
];

/** The parts of the profile `aws`. */
const AWS_PARTS: readonly Part[] = [
  {
    key: 'latency',
    async measure({ calls }) {
      const { latency, hops } = await measureLatencyLikeAws(calls, told);
      const section = awsLatencySection({ latency, hops }, new Date());
      return { results: { aws_latency: { latency, hops } }, table: awsLatencyTable(latency), section };
    },
  },
  {
    key: 'memory',
    async measure({ calls }) {
      // A ring waits for many hops, and the cold ones for processes that start.
      const aws_memory = await measureMemory({ warm: Math.ceil(calls / 10), cold: Math.ceil(calls / 50) });
      const section = memorySection(aws_memory, new Date());
      return { results: { aws_memory }, table: memoryTables(aws_memory), section };
    },
  },
];

/** The parts that are measured in a profile. */
export const partsOf = (profile: Options['profile']): readonly Part[] => (profile === 'aws' ? AWS_PARTS : PARTS);

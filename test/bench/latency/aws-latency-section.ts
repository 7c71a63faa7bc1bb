import { AWS_DELAYS, type Distribution } from '#local/lab/delays/aws-delays.ts';
import { madeBy } from '../machine.ts';
import { markdownTable } from '../markdown-table.ts';
import { FIGURES } from './figures.ts';
import { type Latency, type LatencyResult, WARM_UP_LIKE_AWS } from './measure-latency.ts';

/** The goals: how many times as long as its floor a figure may take. */
const GOALS = { figures: ['ring_to_push', 'signal_relay'], p50: 1.25, p99: 2 } as const;

const ms = (time: number): string => time.toFixed(1);

/** The latencies beside their floors as a table of Markdown. */
export function awsLatencyTable(latency: LatencyResult['latency']): string {
  const rows = FIGURES.flatMap(({ key }) => {
    const of = latency[key];
    if (!of) return [];
    const times = [of.p50_ms, of.floor_p50_ms, of.p99_ms, of.floor_p99_ms].map(ms);
    return [[key, ...times, of.ratio.toFixed(2), tailRatio(of).toFixed(2)]];
  });
  return markdownTable(['figure', 'p50', 'floor', 'p99', 'floor', 'ratio of p50', 'ratio of p99'], rows);
}

const tailRatio = ({ p99_ms, floor_p99_ms }: Latency): number => p99_ms / floor_p99_ms;

/** Whether the goals are met, a sentence for each figure. */
export const goalsText = (latency: LatencyResult['latency']): string =>
  GOALS.figures
    .flatMap((key) => {
      const of = latency[key];
      if (!of) return [];
      const said = (what: string, ratio: number, most: number): string =>
        `${what} ${ratio.toFixed(2)} (${ratio <= most ? 'met' : 'missed'}: at most ${most})`;
      return [`- \`${key}\`: ${said('p50', of.ratio, GOALS.p50)}, ${said('p99', tailRatio(of), GOALS.p99)}`];
    })
    .join('\n');

const delayRows = (): string[][] =>
  Object.entries<Distribution>(AWS_DELAYS).map(([hop, { p50_ms, p99_ms, source, assumed = 'nothing' }]) => [
    hop,
    String(p50_ms),
    String(p99_ms),
    `[source](${source})`,
    assumed,
  ]);

/** The part of the page. */
export const awsLatencySection = (
  { latency, hops }: Pick<LatencyResult, 'latency' | 'hops'>,
  now: Date,
): string => `## Latency on AWS

${madeBy('npm run bench -- --profile aws', [], now)}

Not measured on AWS: the local stack [plays it](local-stack.md#how-it-plays-aws). Its services answer as late as AWS's, and each process of a function has the processor share of its memory. All times are milliseconds, of ${latency['ring_to_push']?.calls ?? 0} calls one at a time after ${WARM_UP_LIKE_AWS} that are not counted. The figures and their floors are those [above](#latency-of-a-call). A floor has the same delays, and in addition those of API Gateway and Lambda until a function has the frame or request that it starts with, since nothing on AWS gets by without them; its processes have the whole machine.

${awsLatencyTable(latency)}

The goals:

${goalsText(latency)}

What stands in the way of a missed p50: a ring asks whether it may ring, then claims the caller and the callee of a call of two one after the other, so that of two who ring each other exactly one is refused, and the worker reads before it claims its pushes; a signal reads the call and the connections of whom it is for, one after the other if it is the first of its call in a process, and its floor reads once.

A frame of an unknown type, which one function answers with one post, takes p50 ${ms(hops['frame_to_function']?.p50_ms ?? 0)}, p99 ${ms(hops['frame_to_function']?.p99_ms ?? 0)}.

The delays, in milliseconds, and what is assumed of them since it is not in the source:

${markdownTable(['hop', 'p50', 'p99', 'from', 'assumed'], delayRows())}
`;

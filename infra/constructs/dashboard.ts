import { Duration, Stack } from 'aws-cdk-lib';
import { Dashboard as Board, GraphWidget, type GraphWidgetProps, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { SPOKEN_DIALECTS } from '#domain/dialect.ts';
import type { Stage } from '../stage.ts';
import type { MonitoredResources } from './monitored-resources.ts';
import { FUNCTIONS } from './service-functions.ts';
import { PROVIDERS, StageMetrics } from './stage-metrics.ts';

const period = Duration.minutes(1);
const sum = { period, statistic: 'Sum' };
const maximum = { period, statistic: 'Maximum' };

const OUTCOMES = ['accepted', 'dead_token', 'throttled', 'unavailable', 'refused'] as const;
const UNREACHABLE = ['no_devices', 'all_tokens_dead', 'push_rejected'] as const;

/** Dashboards belong to an account and not to a region. With the region in its name, a stage can be deployed in several. */
export const dashboardName = ({ name }: Stage, region: string): string => `Carillon-${name}-${region}`;

/** A row of graphs that share its width. */
const rowOf = (...graphs: readonly GraphWidgetProps[]): GraphWidget[] =>
  graphs.map(
    (graph) => new GraphWidget({ width: Math.floor(24 / graphs.length), height: 6, leftYAxis: { min: 0 }, ...graph }),
  );

/** How a stage is doing, on one page that follows a ring from top to bottom. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, monitored: MonitoredResources) {
    super(scope, id);
    const metrics = new StageMetrics(monitored.stage.name, period);
    new Board(this, 'Board', {
      dashboardName: dashboardName(monitored.stage, Stack.of(this).region),
      defaultInterval: Duration.hours(3),
      widgets: [
        ringRow(metrics, monitored),
        pushRow(metrics),
        queueRow(monitored),
        apiRow(metrics, monitored),
        dialectRow(metrics),
        functionRow(monitored),
        tableRow(monitored),
        ...backendRow(monitored),
      ],
    });
  }
}

const ringRow = (metrics: StageMetrics, { stage }: MonitoredResources) =>
  rowOf(
    { title: 'Members rung', left: [metrics.count('membersRung')] },
    {
      title: 'Ring to push, ms',
      left: ['p50', 'p99'].map((statistic) => metrics.ringToPush(statistic).with({ label: statistic })),
      leftAnnotations: [{ value: stage.ringToPushP99Ms, label: 'alarm, p99' }],
    },
    {
      title: 'Ring hook: ms, failures',
      left: ['p50', 'p99'].map((statistic) => metrics.ringHookTime(statistic).with({ label: statistic })),
      right: [metrics.count('ringHookFailures')],
    },
    {
      title: 'Callees unreachable',
      left: UNREACHABLE.map((reason) => metrics.count('calleesUnreachable', { reason })),
      stacked: true,
    },
  );

const pushRow = (metrics: StageMetrics) =>
  rowOf(
    ...PROVIDERS.map((provider) => ({
      title: `Pushes: ${provider}`,
      left: OUTCOMES.map((outcome) => metrics.attempts(provider, outcome)),
      stacked: true,
    })),
    {
      title: 'Pushes refused, providers failing',
      left: PROVIDERS.map((provider) => metrics.attempts(provider, 'refused')),
      right: PROVIDERS.map((provider) => metrics.count('providersFailing', { provider })),
    },
    {
      title: 'Pushes tried again, stops given up',
      left: [
        ...PROVIDERS.flatMap((provider) => [
          metrics.attempts(provider, 'unavailable'),
          metrics.attempts(provider, 'throttled'),
        ]),
        metrics.count('stopsFailed'),
      ],
    },
  );

function queueRow({ queues }: MonitoredResources): GraphWidget[] {
  const all = Object.entries(queues);
  return rowOf(
    { title: 'Oldest ring message, s', left: [queues.rings.queue.metricApproximateAgeOfOldestMessage(maximum)] },
    {
      title: 'Messages sent',
      left: all.map(([label, { queue }]) => queue.metricNumberOfMessagesSent({ ...sum, label })),
    },
    {
      title: 'Dead letters',
      left: all.map(([label, { deadLetters }]) =>
        deadLetters.metricApproximateNumberOfMessagesVisible({ ...maximum, label }),
      ),
    },
  );
}

const apiRow = (metrics: StageMetrics, { rest, sockets }: MonitoredResources) =>
  rowOf(
    {
      title: 'REST requests',
      left: [rest.stage.metricCount(sum)],
      right: [rest.stage.metricServerError(sum), rest.stage.metricClientError(sum)],
    },
    {
      title: 'WebSocket connections and messages',
      left: ['ConnectCount', 'MessageCount'].map((name) => sockets.stage.metric(name, sum)),
    },
    {
      title: 'WebSocket failures',
      left: ['IntegrationError', 'ExecutionError', 'ClientError'].map((name) => sockets.stage.metric(name, sum)),
    },
    {
      title: 'Internal errors, unreadable rows, contended calls, refused tokens',
      left: [
        metrics.count('internalErrors'),
        metrics.count('rowsUnreadable'),
        metrics.count('contended'),
        metrics.count('connectionsRefused'),
      ],
    },
  );

const dialectRow = (metrics: StageMetrics) =>
  rowOf(
    ...(
      [
        ['Connections opened', 'connectionsOpened'],
        ['Frames received', 'framesReceived'],
        ['Frames refused', 'framesRefused'],
      ] as const
    ).map(([title, metric]) => ({
      title: `${title}, by dialect`,
      left: SPOKEN_DIALECTS.map((dialect) => metrics.count(metric, { dialect })),
      stacked: true,
    })),
  );

function functionRow({ functions }: MonitoredResources): GraphWidget[] {
  const ofEach = (metric: (lambda: IFunction, label: string) => IMetric) =>
    FUNCTIONS.map((name) => metric(functions[name], name));
  return rowOf(
    { title: 'Function errors', left: ofEach((lambda, label) => lambda.metricErrors({ ...sum, label })) },
    { title: 'Function throttles', left: ofEach((lambda, label) => lambda.metricThrottles({ ...sum, label })) },
    {
      title: 'Function duration, p99, ms',
      left: ofEach((lambda, label) => lambda.metricDuration({ period, statistic: 'p99', label })),
    },
    {
      title: 'Function concurrency',
      left: ofEach((lambda, label) => lambda.metric('ConcurrentExecutions', { ...maximum, label })),
    },
  );
}

const tableRow = ({ table }: MonitoredResources) =>
  rowOf(
    {
      title: 'Table: consumed units',
      left: [table.metricConsumedReadCapacityUnits(sum), table.metricConsumedWriteCapacityUnits(sum)],
    },
    {
      title: 'Table: throttled',
      left: ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) => table.metric(name, sum)),
    },
  );

function backendRow({ backend }: MonitoredResources): GraphWidget[][] {
  if (!backend) return [];
  const { events, webhook, deliveries, pauses, unread } = backend;
  const workers = [events, webhook];
  const waiting = [deliveries.queue, pauses.queue, deliveries.deadLetters, pauses.deadLetters, unread];
  return [
    rowOf(
      { title: 'Events: age of the stream, ms', left: [events.metric('IteratorAge', maximum)] },
      {
        title: 'Events and webhooks: errors, throttles',
        left: workers.map((lambda) => lambda.metricErrors(sum)),
        right: workers.map((lambda) => lambda.metricThrottles(sum)),
      },
      {
        title: 'Events and webhooks: waiting, dead letters',
        left: waiting.map((queue) => queue.metricApproximateNumberOfMessagesVisible(maximum)),
      },
    ),
  ];
}

import { Duration } from 'aws-cdk-lib';
import { Dashboard as Board, GraphWidget, type GraphWidgetProps, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { MonitoredResources } from './monitored-resources.ts';
import { FUNCTIONS } from './service-functions.ts';
import { PROVIDERS, StageMetrics } from './stage-metrics.ts';

const period = Duration.minutes(1);
const sum = { period, statistic: 'Sum' };
const maximum = { period, statistic: 'Maximum' };

const OUTCOMES = ['accepted', 'dead_token', 'throttled', 'unavailable', 'refused'] as const;
const UNREACHABLE = ['no_devices', 'all_tokens_dead', 'push_rejected'] as const;

/** A graph of one row; `of` says how many share it. */
const graph = (of: number, title: string, left: IMetric[], more: GraphWidgetProps = {}): GraphWidget =>
  new GraphWidget({ title, left, width: 24 / of, height: 6, leftYAxis: { min: 0 }, ...more });

/** How a stage is doing, on one page: the way of a ring from top to bottom. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, monitored: MonitoredResources) {
    super(scope, id);
    const metrics = new StageMetrics(monitored.stage.name, period);
    new Board(this, 'Board', {
      dashboardName: `Carillon-${monitored.stage.name}`,
      defaultInterval: Duration.hours(3),
      widgets: [
        ringRow(metrics, monitored),
        pushRow(metrics),
        queueRow(monitored),
        apiRow(metrics, monitored),
        functionRow(monitored),
        tableRow(monitored),
      ],
    });
  }
}

const ringRow = (metrics: StageMetrics, { stage }: MonitoredResources) => [
  graph(3, 'Members rung', [metrics.count('membersRung')]),
  graph(
    3,
    'Ring to push, ms',
    ['p50', 'p99'].map((statistic) => metrics.ringToPush(statistic).with({ label: statistic })),
    { leftAnnotations: [{ value: stage.ringToPushP99Ms, label: 'alarm, p99' }] },
  ),
  graph(
    3,
    'Callees unreachable',
    UNREACHABLE.map((reason) => metrics.count('calleesUnreachable', { reason })),
    { stacked: true },
  ),
];

const pushRow = (metrics: StageMetrics) => [
  ...PROVIDERS.map((provider) =>
    graph(
      4,
      `Pushes: ${provider}`,
      OUTCOMES.map((outcome) => metrics.attempts(provider, outcome)),
      { stacked: true },
    ),
  ),
  graph(
    4,
    'Pushes refused, providers failing',
    PROVIDERS.map((provider) => metrics.attempts(provider, 'refused')),
    { right: PROVIDERS.map((provider) => metrics.count('providersFailing', { provider })) },
  ),
  graph(4, 'Pushes tried again, stops given up', [
    ...PROVIDERS.flatMap((provider) => [
      metrics.attempts(provider, 'unavailable'),
      metrics.attempts(provider, 'throttled'),
    ]),
    metrics.count('stopsFailed'),
  ]),
];

function queueRow({ queues }: MonitoredResources): GraphWidget[] {
  const all = Object.entries(queues);
  return [
    graph(3, 'Oldest ring message, s', [queues.rings.queue.metricApproximateAgeOfOldestMessage(maximum)]),
    graph(
      3,
      'Messages sent',
      all.map(([label, { queue }]) => queue.metricNumberOfMessagesSent({ ...sum, label })),
    ),
    graph(
      3,
      'Dead letters',
      all.map(([label, { deadLetters }]) =>
        deadLetters.metricApproximateNumberOfMessagesVisible({ ...maximum, label }),
      ),
    ),
  ];
}

const apiRow = (metrics: StageMetrics, { rest, sockets }: MonitoredResources) => [
  graph(4, 'REST requests', [rest.stage.metricCount(sum)], {
    right: [rest.stage.metricServerError(sum), rest.stage.metricClientError(sum)],
  }),
  graph(
    4,
    'WebSocket connections and messages',
    ['ConnectCount', 'MessageCount'].map((name) => sockets.stage.metric(name, sum)),
  ),
  graph(
    4,
    'WebSocket failures',
    ['IntegrationError', 'ExecutionError', 'ClientError'].map((name) => sockets.stage.metric(name, sum)),
  ),
  graph(4, 'Internal errors, contended calls, refused tokens', [
    metrics.count('internalErrors'),
    metrics.count('contended'),
    metrics.count('connectionsRefused'),
  ]),
];

function functionRow({ functions }: MonitoredResources): GraphWidget[] {
  const each = (metric: (name: (typeof FUNCTIONS)[number]) => IMetric) => FUNCTIONS.map(metric);
  return [
    graph(
      4,
      'Function errors',
      each((label) => functions[label].metricErrors({ ...sum, label })),
    ),
    graph(
      4,
      'Function throttles',
      each((label) => functions[label].metricThrottles({ ...sum, label })),
    ),
    graph(
      4,
      'Function duration, p99, ms',
      each((label) => functions[label].metricDuration({ period, statistic: 'p99', label })),
    ),
    graph(
      4,
      'Function concurrency',
      each((label) => functions[label].metric('ConcurrentExecutions', { ...maximum, label })),
    ),
  ];
}

const tableRow = ({ table }: MonitoredResources) => [
  graph(2, 'Table: consumed units', [
    table.metricConsumedReadCapacityUnits(sum),
    table.metricConsumedWriteCapacityUnits(sum),
  ]),
  graph(
    2,
    'Table: throttled',
    ['ReadThrottleEvents', 'WriteThrottleEvents'].map((name) => table.metric(name, sum)),
  ),
];

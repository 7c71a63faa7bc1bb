import { Duration } from 'aws-cdk-lib';
import { Dashboard as Board, GraphWidget, type GraphWidgetProps, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { Figures, PROVIDERS } from './figures.ts';
import { FUNCTIONS, type Watched } from './watched.ts';

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
  constructor(scope: Construct, id: string, watched: Watched) {
    super(scope, id);
    const figures = new Figures(watched.stage.name, period);
    new Board(this, 'Board', {
      dashboardName: `Carillon-${watched.stage.name}`,
      defaultInterval: Duration.hours(3),
      widgets: [
        ringRow(figures, watched),
        pushRow(figures),
        queueRow(watched),
        apiRow(figures, watched),
        functionRow(watched),
        tableRow(watched),
      ],
    });
  }
}

const ringRow = (figures: Figures, { stage }: Watched) => [
  graph(3, 'Members rung', [figures.count('membersRung')]),
  graph(
    3,
    'Ring to push, ms',
    ['p50', 'p99'].map((statistic) => figures.ringToPush(statistic).with({ label: statistic })),
    { leftAnnotations: [{ value: stage.ringToPushP99Ms, label: 'alarm, p99' }] },
  ),
  graph(
    3,
    'Callees unreachable',
    UNREACHABLE.map((reason) => figures.count('calleesUnreachable', { reason })),
    { stacked: true },
  ),
];

const pushRow = (figures: Figures) => [
  ...PROVIDERS.map((provider) =>
    graph(
      4,
      `Pushes: ${provider}`,
      OUTCOMES.map((outcome) => figures.attempts(provider, outcome)),
      { stacked: true },
    ),
  ),
  graph(
    4,
    'Pushes refused, providers failing',
    PROVIDERS.map((provider) => figures.attempts(provider, 'refused')),
    { right: PROVIDERS.map((provider) => figures.count('providersFailing', { provider })) },
  ),
  graph(4, 'Pushes tried again, stops given up', [
    ...PROVIDERS.flatMap((provider) => [
      figures.attempts(provider, 'unavailable'),
      figures.attempts(provider, 'throttled'),
    ]),
    figures.count('stopsFailed'),
  ]),
];

function queueRow({ queues }: Watched): GraphWidget[] {
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

const apiRow = (figures: Figures, { rest, sockets }: Watched) => [
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
  graph(4, 'Internal errors, unreadable rows, contended calls, refused tokens', [
    figures.count('internalErrors'),
    figures.count('rowsUnreadable'),
    figures.count('contended'),
    figures.count('connectionsRefused'),
  ]),
];

function functionRow({ functions }: Watched): GraphWidget[] {
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

const tableRow = ({ table }: Watched) => [
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

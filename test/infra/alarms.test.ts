import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { embeddedLines, readEmbedded } from '../support/embedded-metric.ts';
import { MEASUREMENTS } from '../support/measurements.ts';
import { propertiesOf, referred, resources, shortName, templates } from './synthesized.ts';

interface MetricStat {
  readonly Metric: { readonly Namespace: string; readonly MetricName: string; readonly Dimensions: Dimension[] };
}
interface Dimension {
  readonly Name: string;
  readonly Value: unknown;
}

const { service } = templates();
const alarms = resources(service, 'AWS::CloudWatch::Alarm').map(([id, { Properties }]): [string, typeof Properties] => [
  shortName(id).replace(/^Alarms/, ''),
  Properties,
]);
const namesOf = (type: string) => resources(service, type).map(([id]) => shortName(id));

/** The metrics that an alarm is computed from. */
function metricsOf(alarm: Record<string, unknown>): MetricStat['Metric'][] {
  const queries = (alarm['Metrics'] ?? []) as { MetricStat?: MetricStat }[];
  const own = alarm as unknown as MetricStat['Metric'];
  return alarm['Metrics'] ? queries.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []) : [own];
}

const watches = (metric: string, dimension: string, resource: string) =>
  alarms.filter(([, alarm]) =>
    metricsOf(alarm).some(
      ({ MetricName, Dimensions }) =>
        MetricName === metric &&
        Dimensions.some(({ Name, Value }) => Name === dimension && referred(Value) === resource),
    ),
  );

/** A text that the template joins from parts, with the logical ids of what is known only when it is deployed. */
const joined = (text: unknown): string =>
  (text as { 'Fn::Join': [string, (string | { Ref: string })[]] })['Fn::Join'][1]
    .map((part) => (typeof part === 'string' ? part : part.Ref.replace('AWS::Region', 'eu-north-1')))
    .join('');

/** The sections of the runbook, by the anchors of their headings. */
const sections = new Map(
  readFileSync('docs/runbook.md', 'utf8')
    .split(/^## /m)
    .slice(1)
    .map((section): [string, string] => {
      const [heading = '', ...text] = section.split('\n');
      const anchor = heading
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-');
      return [anchor, text.join('\n')];
    }),
);

describe('an alarm', () => {
  it.each(alarms)('%s says how urgent it is, what users notice, and which section of the runbook helps', (_, alarm) => {
    const said =
      /^\[(page|ticket)\] (.+\.) What to do: docs\/runbook\.md#([a-z-]+) Dashboard: https:\/\/.+#dashboards\/dashboard\/Carillon-dev-eu-north-1 Logs: /.exec(
        joined(alarm['AlarmDescription']),
      );
    const [, severity = '', , anchor = ''] = said ?? [];
    expect([...sections.keys()]).toContain(anchor);
    expect(sections.get(anchor)).toContain(`\`[${severity}]\``);
    for (const actions of ['AlarmActions', 'OKActions']) {
      expect((alarm[actions] as unknown[]).map(referred)).toEqual([
        severity === 'page' ? 'AlarmsPages' : 'AlarmsTickets',
      ]);
    }
  });

  it.each(alarms.filter(([id]) => !id.endsWith('Dead')))('%s does not go off for one stray error', (_, alarm) => {
    expect(alarm['DatapointsToAlarm']).toBeGreaterThanOrEqual(2);
    expect(alarm['TreatMissingData']).toBe('notBreaching');
  });

  it.each(namesOf('AWS::SQS::Queue').filter((name) => name.endsWith('Queue')))(
    'watches the dead letters of %s',
    (name) => {
      const { deadLetterTargetArn } = propertiesOf(service, 'AWS::SQS::Queue', name)['RedrivePolicy'] as Record<
        string,
        unknown
      >;
      expect(watches('ApproximateNumberOfMessagesVisible', 'QueueName', referred(deadLetterTargetArn))).toHaveLength(1);
    },
  );

  it.each(namesOf('AWS::Lambda::Function'))('watches %s for errors and for throttles', (name) => {
    expect(watches('Errors', 'FunctionName', name)).toHaveLength(1);
    expect(watches('Throttles', 'FunctionName', name)).toHaveLength(1);
  });

  it.each(['Connection', 'Room'])(
    'does not count a WebSocket that was refused for its token as an error of %s',
    (name) => {
      const [[, errors] = ['', {}]] = watches('Errors', 'FunctionName', name);
      expect(metricsOf(errors).map(({ MetricName }) => MetricName)).toContain('ConnectionsRefused');
      expect(JSON.stringify(errors['Metrics'])).toContain('100 * (errors - FILL(refused, 0)) / invocations');
    },
  );

  it('watches how long rings wait and take, and what the push services answer', () => {
    expect(watches('ApproximateAgeOfOldestMessage', 'QueueName', 'RingQueue')).toHaveLength(1);
    expect(alarms.map(([id]) => id)).toEqual(
      expect.arrayContaining([
        'RingToPushSlow',
        'ProviderFailing',
        'FcmRefuses',
        'FcmFails',
        'ApnsRefuses',
        'ApnsFails',
        'RestFails',
      ]),
    );
  });

  it('for slow rings has the threshold of the stage', () => {
    const slow = alarms.find(([id]) => id === 'RingToPushSlow')?.[1];
    expect(slow).toMatchObject({ Threshold: 3000 });
    expect(JSON.stringify(slow)).toContain('IF(rings >= 20, slow, 0)');
  });
});

const named = (name: string, dimensions: readonly string[]) => `${name} by ${dimensions.toSorted().join(', ')}`;

/** The metrics that CloudWatch makes of what the functions log, with their dimensions. */
const counted = new Set(
  Object.values(MEASUREMENTS).flatMap((measurement) => {
    return embeddedLines('dev', measurement)
      .map(readEmbedded)
      .flatMap(({ name, sets }) => sets.map((set) => named(name, set)));
  }),
);

describe('the dashboard', () => {
  const [[, board] = ['', { Properties: {} as Record<string, unknown> }]] = resources(
    service,
    'AWS::CloudWatch::Dashboard',
  );
  const { 'Fn::Join': body } = board.Properties['DashboardBody'] as { 'Fn::Join': [string, unknown[]] };
  const text = body[1].map((part) => (typeof part === 'string' ? part : referred(part))).join('');
  const { widgets } = JSON.parse(text) as { widgets: { properties: { title: string; metrics: unknown[][] } }[] };

  it('is one for each stage and region, and has their names', () => {
    service.resourceCountIs('AWS::CloudWatch::Dashboard', 1);
    expect(board.Properties['DashboardName']).toEqual({ 'Fn::Join': ['', ['Carillon-dev-', { Ref: 'AWS::Region' }]] });
  });

  it('shows every function, queue and metric', () => {
    for (const name of [...namesOf('AWS::Lambda::Function'), ...namesOf('AWS::SQS::Queue')])
      expect(text).toContain(name);
    const shown = widgets.flatMap(({ properties }) => properties.metrics.flat());
    expect(shown).toEqual(expect.arrayContaining([...new Set([...counted].map((each) => each.split(' ')[0]))]));
  });

  it('and the alarms use no metric of ours that nothing logs', () => {
    const onBoard = widgets
      .flatMap(({ properties }) => properties.metrics)
      .filter(([namespace]) => namespace === 'Carillon')
      .map(([, name, ...rest]) => {
        const dimensions = rest.filter((part) => typeof part === 'string').filter((_, i) => i % 2 === 0);
        return named(String(name), dimensions);
      });
    const inAlarms = alarms
      .flatMap(([, alarm]) => metricsOf(alarm))
      .filter(({ Namespace }) => Namespace === 'Carillon')
      .map(({ MetricName, Dimensions }) =>
        named(
          MetricName,
          Dimensions.map(({ Name }) => Name),
        ),
      );
    expect(onBoard.length).toBeGreaterThan(10);
    expect(inAlarms.length).toBeGreaterThan(5);
    expect([...counted]).toEqual(expect.arrayContaining([...onBoard, ...inAlarms]));
  });
});

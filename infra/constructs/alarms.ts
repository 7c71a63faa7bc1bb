import { Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { dashboardUrl } from './cloudwatch-url.ts';
import { generatedName, type LogsQuery, logsInsightsUrl } from './logs-insights.ts';

/** An alarm. Its texts are required, so that whoever it wakes knows what to do. */
export interface AlarmProps {
  /** What is measured; it has its own period. */
  readonly metric: IMetric;
  /** The alarm goes off above this. */
  readonly threshold: number;
  /** How many of the latest periods must be above it; a period without data is not. @default one of one */
  readonly periods?: { readonly above: number; readonly of: number };
  /** `page`: calls fail now, so wake somebody. `ticket`: it can wait until morning. */
  readonly severity: 'page' | 'ticket';
  /** What users notice. */
  readonly impact: string;
  /** The section of `docs/runbook.md` that says what to do. */
  readonly runbook: string;
  /** What to ask the logs first. */
  readonly logs: LogsQuery;
}

const ONCE = { above: 1, of: 1 };

/** What CloudWatch allows of an alarm's description. */
const MAX_CHARACTERS = 1024;

/** No region has a longer name. */
const LONGEST_REGION = 'ap-southeast-2';

export interface AlarmsProps {
  /** Who is mailed about pages, and who about tickets. A pager can subscribe to the topic of the pages, too. */
  readonly emails: Readonly<Record<AlarmProps['severity'], string | undefined>>;
  /** The name of the dashboard to look at first, in a region. */
  readonly dashboard: (region: string) => string;
}

/** All alarms of a deployment, and the topics that they notify: one for what wakes people, one for what can wait. */
export class Alarms extends Construct {
  readonly #topics: Readonly<Record<AlarmProps['severity'], Topic>>;
  readonly #dashboard: AlarmsProps['dashboard'];

  constructor(scope: Construct, id: string, { emails, dashboard }: AlarmsProps) {
    super(scope, id);
    this.#dashboard = dashboard;
    this.#topics = {
      page: this.#addTopic('Pages', 'Carillon pages', emails.page),
      ticket: this.#addTopic('Tickets', 'Carillon tickets', emails.ticket),
    };
  }

  #addTopic(id: string, displayName: string, email: string | undefined): Topic {
    const topic = new Topic(this, id, { displayName, enforceSSL: true });
    // The policy that enforces TLS replaces the default policy, which lets the alarms of the account publish.
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AllowAlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (email !== undefined) topic.addSubscription(new EmailSubscription(email));
    return topic;
  }

  /** Adds an alarm, which also tells when it is over. */
  add(id: string, props: AlarmProps): Alarm {
    const { metric, threshold, periods = ONCE, severity } = props;
    const alarm = new Alarm(this, id, {
      metric,
      threshold,
      datapointsToAlarm: periods.above,
      evaluationPeriods: periods.of,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: this.#descriptionOf(id, props),
    });
    const notify = new SnsAction(this.#topics[severity]);
    alarm.addAlarmAction(notify);
    alarm.addOkAction(notify);
    return alarm;
  }

  #descriptionOf(id: string, { severity, impact, runbook, logs: { groups, query } }: AlarmProps): string {
    const describe = (region: string, names: readonly string[]): string =>
      `[${severity}] ${impact} What to do: docs/runbook.md#${runbook} Dashboard: ${dashboardUrl(region, this.#dashboard(region))} Logs: ${logsInsightsUrl(region, names, query)}`;
    const { length } = describe(LONGEST_REGION, groups.map(generatedName));
    if (length > MAX_CHARACTERS) {
      throw new Error(
        `the description of the alarm ${id} may have ${length} of ${MAX_CHARACTERS} characters: choose a shorter name for the stage, or ask fewer log groups or a shorter query`,
      );
    }
    return describe(
      Stack.of(this).region,
      groups.map(({ logGroupName }) => logGroupName),
    );
  }
}

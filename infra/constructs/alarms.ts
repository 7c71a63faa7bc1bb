import { Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

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
}

const ONCE = { above: 1, of: 1 };

/** The CloudWatch page of a dashboard, in the region of `scope`. */
const dashboardUrl = (scope: Construct, name: string): string => {
  const { region } = Stack.of(scope);
  return `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#dashboards/dashboard/${name}`;
};

export interface AlarmsProps {
  /** Who is mailed about pages, and who about tickets. A pager can subscribe to the topic of the pages, too. */
  readonly emails: Readonly<Record<AlarmProps['severity'], string | undefined>>;
  /** The dashboard to look at first. */
  readonly dashboard: string;
}

/** All alarms of a deployment, and the topics that they notify: one for what wakes people, one for what can wait. */
export class Alarms extends Construct {
  readonly #topics: Readonly<Record<AlarmProps['severity'], Topic>>;
  readonly #dashboard: string;

  constructor(scope: Construct, id: string, { emails, dashboard }: AlarmsProps) {
    super(scope, id);
    this.#dashboard = dashboardUrl(this, dashboard);
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
  add(id: string, { metric, threshold, periods = ONCE, severity, impact, runbook }: AlarmProps): Alarm {
    const alarm = new Alarm(this, id, {
      metric,
      threshold,
      datapointsToAlarm: periods.above,
      evaluationPeriods: periods.of,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `[${severity}] ${impact} What to do: docs/runbook.md#${runbook} Dashboard: ${this.#dashboard}`,
    });
    const notify = new SnsAction(this.#topics[severity]);
    alarm.addAlarmAction(notify);
    alarm.addOkAction(notify);
    return alarm;
  }
}

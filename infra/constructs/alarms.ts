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

/** All alarms of a deployment, and the topic that they notify. */
export class Alarms extends Construct {
  readonly #topic: Topic;

  constructor(scope: Construct, id: string, { email }: { readonly email: string | undefined }) {
    super(scope, id);
    this.#topic = new Topic(this, 'Topic', { displayName: 'Carillon alarms', enforceSSL: true });
    // The policy that enforces TLS replaces the default policy, which lets the alarms of the account publish.
    this.#topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AllowAlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.#topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    if (email !== undefined) this.#topic.addSubscription(new EmailSubscription(email));
  }

  /** Adds an alarm. */
  add(id: string, { metric, threshold, periods = ONCE, severity, impact, runbook }: AlarmProps): void {
    const alarm = new Alarm(this, id, {
      metric,
      threshold,
      datapointsToAlarm: periods.above,
      evaluationPeriods: periods.of,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `[${severity}] ${impact} What to do: docs/runbook.md#${runbook}`,
    });
    alarm.addAlarmAction(new SnsAction(this.#topic));
  }
}

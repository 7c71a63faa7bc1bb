import { Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

/** An alarm as it is registered; all of it is required, so that whoever is woken by it knows what to do. */
export interface AlarmProps {
  /** What is watched, in periods of its own. */
  readonly metric: IMetric;
  /** The alarm goes off above this. */
  readonly threshold: number;
  /** In how many of the latest periods; one that had nothing to measure is not above it. @default one of one */
  readonly periods?: { readonly above: number; readonly of: number };
  /** `page`: somebody's phone does not ring. `ticket`: it can wait until morning. */
  readonly severity: 'page' | 'ticket';
  /** What users notice. */
  readonly impact: string;
  /** The section of `docs/runbook.md` that says what to do. */
  readonly runbook: string;
}

const ONCE = { above: 1, of: 1 };

/** All alarms of a deployment, and the topic that they go to. */
export class Alarms extends Construct {
  readonly #topic: Topic;

  constructor(scope: Construct, id: string, { email }: { readonly email: string | undefined }) {
    super(scope, id);
    this.#topic = new Topic(this, 'Topic', { displayName: 'Carillon alarms', enforceSSL: true });
    // The policy that enforces TLS replaces the default one, by which the account's own alarms could publish.
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

  /** Registers an alarm. */
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

import { CfnBudget } from 'aws-cdk-lib/aws-budgets';
import { Construct } from 'constructs';

export interface CostAlarmProps {
  /** In US dollars. */
  readonly perMonth: number;
  readonly email: string;
}

/** Mails somebody when the account has cost that much in a month, and when it probably will. It counts the whole account: the costs of a stage alone are known only once somebody has activated its tags for that. */
export class CostAlarm extends Construct {
  constructor(scope: Construct, id: string, { perMonth, email }: CostAlarmProps) {
    super(scope, id);
    const subscribers = [{ subscriptionType: 'EMAIL', address: email }];
    new CfnBudget(this, 'Budget', {
      budget: { budgetType: 'COST', timeUnit: 'MONTHLY', budgetLimit: { amount: perMonth, unit: 'USD' } },
      notificationsWithSubscribers: ['ACTUAL', 'FORECASTED'].map((notificationType) => ({
        notification: {
          notificationType,
          comparisonOperator: 'GREATER_THAN',
          threshold: 100,
          thresholdType: 'PERCENTAGE',
        },
        subscribers,
      })),
    });
  }
}

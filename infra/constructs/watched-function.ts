import { Duration } from 'aws-cdk-lib';
import { type Alarm, MathExpression, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmProps, Alarms } from './alarms.ts';
import { FAILURES } from './logs-insights.ts';
import type { ServiceFunction } from './service-function.ts';

const MAX_ERRORS_PERCENT = 1;

/** Periods of a minute, so that a failure is noticed soon; three of them, so that one stray error wakes nobody. */
export const period = Duration.minutes(1);
const periods = { above: 3, of: 5 };

/** A function that alarms watch, and what users notice when it fails. */
export interface WatchedFunction extends Pick<AlarmProps, 'severity' | 'impact'> {
  readonly name: string;
  readonly lambda: ServiceFunction;
}

/** All errors that Lambda counts. */
export const PLAIN: { readonly expression: string; readonly metrics: Record<string, Metric> } = {
  expression: 'errors',
  metrics: {},
};

/** A function, and the alarm on its errors. */
export interface Watched extends Pick<WatchedFunction, 'name' | 'lambda'> {
  readonly errors: Alarm;
}

/** Adds the alarms on a function: on errors, which include time-outs, and on invocations that Lambda throttled. */
export function addAlarmsOn(
  alarms: Alarms,
  { name, lambda, severity, impact }: WatchedFunction,
  { expression, metrics } = PLAIN,
): Watched {
  const logs = { groups: [lambda.logGroup], query: FAILURES };
  const errors = alarms.add(`${name}Errors`, {
    severity,
    impact,
    metric: new MathExpression({
      label: `${name}: errors in 100 invocations`,
      expression: `100 * ${expression} / invocations`,
      usingMetrics: {
        errors: lambda.metricErrors({ period }),
        invocations: lambda.metricInvocations({ period }),
        ...metrics,
      },
      period,
    }),
    threshold: MAX_ERRORS_PERCENT,
    periods,
    runbook: 'function-errors',
    logs,
  });
  alarms.add(`${name}Throttles`, {
    severity,
    impact,
    metric: lambda.metricThrottles({ period }),
    threshold: 0,
    periods,
    runbook: 'function-throttles',
    logs,
  });
  return { name, lambda, errors };
}

import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alarms } from './alarms.ts';
import type { MonitoredResources } from './monitored-resources.ts';
import { PROVIDERS, StageMetrics } from './stage-metrics.ts';

const SERVICE = { firebase: { id: 'Fcm', name: 'FCM' }, apn: { id: 'Apns', name: 'APNs' } } as const;

/** A percentile of fewer rings says nothing but that one of them was slow. */
const MIN_RINGS = 20;

/** A share of fewer attempts says nothing of the push service. */
const MIN_ATTEMPTS = 10;

const MAX_REFUSED_PERCENT = 5;
const MAX_UNAVAILABLE_PERCENT = 20;

/** A message is worked within a second of its coming, while all is well. */
const MAX_QUEUE_AGE_S = 10;

const period = Duration.minutes(5);
const periods = { above: 2, of: 3 };

/** Watches whether pushes leave in time, and whether the push services take them. */
export function addPushAlarms(alarms: Alarms, { stage, queues }: MonitoredResources): void {
  const metrics = new StageMetrics(stage.name, period);
  alarms.add('RingToPushSlow', {
    severity: 'page',
    impact: 'Phones ring late.',
    metric: new MathExpression({
      label: 'Ring to push, p99, ms',
      expression: `IF(rings >= ${MIN_RINGS}, slow, 0)`,
      usingMetrics: { rings: metrics.ringToPush('SampleCount'), slow: metrics.ringToPush('p99') },
      period,
    }),
    threshold: stage.ringToPushP99Ms,
    periods,
    runbook: 'ring-to-push',
  });
  alarms.add('RingQueueOld', {
    severity: 'page',
    impact: 'Rings wait: phones ring late, or not at all.',
    metric: queues.rings.queue.metricApproximateAgeOfOldestMessage({
      statistic: 'Maximum',
      period: Duration.minutes(1),
    }),
    threshold: MAX_QUEUE_AGE_S,
    periods: { above: 3, of: 5 },
    runbook: 'ring-queue-age',
  });
  alarms.add('ProviderFailing', {
    severity: 'page',
    impact: 'A push provider refuses everything by a fault of our configuration: phones of its app do not ring.',
    metric: metrics.count('providersFailing'),
    threshold: 0,
    periods,
    runbook: 'failing-provider',
  });
  for (const provider of PROVIDERS) watchService(alarms, metrics, provider);
}

function watchService(alarms: Alarms, metrics: StageMetrics, provider: (typeof PROVIDERS)[number]): void {
  const { id, name } = SERVICE[provider];
  const attempts = metrics.attempts(provider);
  alarms.add(`${id}Refuses`, {
    severity: 'page',
    impact: `${name} refuses pushes, most likely by our own fault: phones do not ring.`,
    metric: new MathExpression({
      label: `${name}: refused in 100 pushes`,
      expression: `IF(attempts >= ${MIN_ATTEMPTS}, 100 * refused / attempts, 0)`,
      usingMetrics: { refused: metrics.attempts(provider, 'refused'), attempts },
      period,
    }),
    threshold: MAX_REFUSED_PERCENT,
    periods,
    runbook: 'refused-pushes',
  });
  alarms.add(`${id}Fails`, {
    severity: 'page',
    impact: `${name} fails or does not answer: phones ring late, or not at all.`,
    metric: new MathExpression({
      label: `${name}: unanswered or 5xx in 100 pushes`,
      expression: `IF(attempts >= ${MIN_ATTEMPTS}, 100 * unavailable / attempts, 0)`,
      usingMetrics: { unavailable: metrics.attempts(provider, 'unavailable'), attempts },
      period,
    }),
    threshold: MAX_UNAVAILABLE_PERCENT,
    periods,
    runbook: 'push-service-failures',
  });
}

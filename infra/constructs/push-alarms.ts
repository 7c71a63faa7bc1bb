import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alarms } from './alarms.ts';
import { FAILURES, type LogsQuery } from './logs-insights.ts';
import type { MonitoredResources } from './monitored-resources.ts';
import { type Provider, StageMetrics } from './stage-metrics.ts';

/**
 * The services with alarms of their own. Browsers have none: each has its own push service, and a subscription that is
 * refused is that browser's fault as a rule.
 */
const SERVICES: readonly { readonly provider: Provider; readonly id: string; readonly name: string }[] = [
  { provider: 'firebase', id: 'Fcm', name: 'FCM' },
  { provider: 'apn', id: 'Apns', name: 'APNs' },
];

/** With fewer rings the percentile would only say that one of them was slow. */
const MIN_RINGS = 20;

/** With fewer attempts the share would say nothing about the push service. */
const MIN_ATTEMPTS = 10;

const MAX_REFUSED_PERCENT = 5;
const MAX_UNAVAILABLE_PERCENT = 20;

/** Half of what a ring hook has: from then on a bad moment is a failure. */
const MAX_RING_HOOK_MS = 500;

/** When all is well a message is worked off within a second. */
const MAX_QUEUE_AGE_S = 10;

const period = Duration.minutes(5);
const periods = { above: 2, of: 3 };

/** Adds the alarms on pushes that leave late, and on push services that do not accept them. */
export function addPushAlarms(alarms: Alarms, { stage, functions, queues }: MonitoredResources): void {
  const pushes = (query: string): LogsQuery => ({ groups: [functions.RingWorker.logGroup], query });
  const hook = (query: string): LogsQuery => ({
    groups: [functions.Http, functions.Command, functions.SocketIo].map(({ logGroup }) => logGroup),
    query,
  });
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
    logs: pushes(
      `filter RingToPush > ${stage.ringToPushP99Ms} | fields @timestamp, call_cid, provider, RingToPush | sort RingToPush desc | limit 20`,
    ),
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
    logs: pushes(FAILURES),
  });
  alarms.add('ProviderFailing', {
    severity: 'page',
    impact: 'A push service refuses all pushes of one configured provider, so the phones of its app do not ring.',
    metric: metrics.count('providersFailing'),
    threshold: 0,
    periods,
    runbook: 'failing-provider',
    logs: pushes('filter ispresent(ProvidersFailing) | stats count() by provider, name, reason'),
  });
  if (stage.ringHook) {
    alarms.add('RingHookSlow', {
      severity: 'ticket',
      impact: 'Every ring begins late, and a hook that is still slower fails.',
      metric: new MathExpression({
        label: 'Ring hook, p90, ms',
        expression: `IF(rings >= ${MIN_RINGS}, slow, 0)`,
        usingMetrics: { rings: metrics.ringHookTime('SampleCount'), slow: metrics.ringHookTime('p90') },
        period,
      }),
      threshold: MAX_RING_HOOK_MS,
      periods,
      runbook: 'ring-hook-failures',
      logs: hook(
        `filter RingHookTime > ${MAX_RING_HOOK_MS} | fields @timestamp, call_cid, RingHookTime | sort RingHookTime desc | limit 20`,
      ),
    });
    alarms.add('RingHookFails', {
      severity: 'page',
      impact: 'The backend does not say whether rings may begin: they begin unasked, or not at all.',
      metric: metrics.count('ringHookFailures'),
      threshold: 0,
      periods,
      runbook: 'ring-hook-failures',
      logs: hook('filter ispresent(RingHookFailures) | stats count() by fault'),
    });
  }
  for (const service of SERVICES) addServiceAlarms(alarms, metrics, pushes, service);
}

function addServiceAlarms(
  alarms: Alarms,
  metrics: StageMetrics,
  pushes: (query: string) => LogsQuery,
  { provider, id, name }: (typeof SERVICES)[number],
): void {
  const percentOf = (outcome: 'refused' | 'unavailable', label: string) => ({
    severity: 'page' as const,
    metric: new MathExpression({
      label: `${name}: ${label} in 100 pushes`,
      expression: `IF(attempts >= ${MIN_ATTEMPTS}, 100 * ${outcome} / attempts, 0)`,
      usingMetrics: { [outcome]: metrics.attempts(provider, outcome), attempts: metrics.attempts(provider) },
      period,
    }),
    periods,
    logs: pushes(
      `filter provider = "${provider}" and outcome = "${outcome}" | stats count() by push, status, reason, bin(5m)`,
    ),
  });
  alarms.add(`${id}Refuses`, {
    ...percentOf('refused', 'refused'),
    impact: `${name} refuses pushes, probably because of our configuration: phones do not ring.`,
    threshold: MAX_REFUSED_PERCENT,
    runbook: 'refused-pushes',
  });
  alarms.add(`${id}Fails`, {
    ...percentOf('unavailable', 'unanswered or 5xx'),
    impact: `${name} fails or does not answer: phones ring late, or not at all.`,
    threshold: MAX_UNAVAILABLE_PERCENT,
    runbook: 'push-service-failures',
  });
}

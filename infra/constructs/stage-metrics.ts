import type { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type AttemptOutcome, METRIC, NAMESPACE } from '#kit/observe/metric-names.ts';

/** The push services that the functions push through. */
export const PROVIDERS = ['firebase', 'apn', 'webpush'] as const;

/** One of them. */
export type Provider = (typeof PROVIDERS)[number];

/** The metrics that the functions of a stage log, as CloudWatch counts them. */
export class StageMetrics {
  readonly #stage: string;
  readonly #period: Duration;

  constructor(stage: string, period: Duration) {
    this.#stage = stage;
    this.#period = period;
  }

  /** How often something happened. */
  count(name: keyof typeof METRIC, dimensions: Record<string, string> = {}): Metric {
    return this.#metric(name, 'Sum', dimensions);
  }

  /** How long it took from the ring until the push service accepted the push: a percentile (`p99`), or how many there were (`SampleCount`). */
  ringToPush(statistic: string): Metric {
    return this.#metric('ringToPush', statistic, {});
  }

  /** How long the ring hook took: a percentile (`p99`). */
  ringHookTime(statistic: string): Metric {
    return this.#metric('ringHookTime', statistic, {});
  }

  /** Attempts to push through a service: all of them, or those with one outcome. */
  attempts(provider: Provider, outcome?: AttemptOutcome): Metric {
    return this.count('pushAttempts', { provider, ...(outcome !== undefined && { outcome }) });
  }

  #metric(name: keyof typeof METRIC, statistic: string, dimensions: Record<string, string>): Metric {
    return new Metric({
      namespace: NAMESPACE,
      metricName: METRIC[name],
      dimensionsMap: { stage: this.#stage, ...dimensions },
      statistic,
      period: this.#period,
      label: Object.values(dimensions).join(' ') || METRIC[name],
    });
  }
}

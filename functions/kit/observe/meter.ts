import { once } from '#domain/once.ts';
import { type Clock, epochMs } from '#domain/time.ts';
import type { Measurement, Meter } from '#ports/meter.ts';
import type { PushOutcome } from '#ports/push-sender.ts';
import { readEnv } from '../entry/env.ts';
import { stageEnv } from '../wiring/config.ts';
import { type AttemptOutcome, METRIC, NAMESPACE } from './metric-names.ts';
import { scrubbed } from './scrubbed.ts';

/** A measurement as CloudWatch is to have it. */
interface Datum {
  readonly metric: string;
  readonly unit: 'Count' | 'Milliseconds';
  readonly value: number;
  readonly dimensions: Readonly<Record<string, string>>;
  /** The dimensions that it is counted by, besides the stage: one metric for each set. */
  readonly sets: readonly (readonly string[])[];
  /** What else the line says: a query finds it, but it is no metric of its own. */
  readonly properties: Readonly<Record<string, string | number>>;
}

/**
 * Writes measurements in CloudWatch's embedded metric format, one line each, so that the messages of one batch do not mix.
 * It is written by hand because Powertools adds a dimension to each and warns at every metric that has two nested sets of
 * dimensions.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export const embeddedMeter = (stage: string, clock: Clock, write: (line: string) => void): Meter => ({
  record(measurement) {
    const { metric, unit, value, dimensions, sets, properties } = datumOf(measurement);
    const CloudWatchMetrics = [
      {
        Namespace: NAMESPACE,
        Dimensions: sets.map((names) => ['stage', ...names]),
        Metrics: [{ Name: metric, Unit: unit }],
      },
    ];
    const line = {
      _aws: { Timestamp: clock(), CloudWatchMetrics },
      ...properties,
      ...dimensions,
      stage,
      [metric]: value,
    };
    write(`${JSON.stringify(line)}\n`);
  },
});

/** The meter of this function. It does not use `console`: Lambda wraps those lines, and CloudWatch would find no metric in them. */
export const meter: Meter = {
  record: (measurement) => own().record(measurement),
};

const own = /* @__PURE__ */ once(() =>
  embeddedMeter(
    readEnv(stageEnv).STAGE,
    () => epochMs(Date.now()),
    (line) => void process.stdout.write(line),
  ),
);

function datumOf(measurement: Measurement): Datum {
  switch (measurement.type) {
    case 'member_rung':
      return count(METRIC.membersRung, { call_cid: measurement.cid });
    case 'push_attempted':
      return attempt(measurement);
    case 'ring_taken':
      return {
        ...count(METRIC.ringToPush, { call_cid: measurement.cid }),
        unit: 'Milliseconds',
        value: measurement.ms,
        dimensions: { provider: measurement.provider },
        sets: [[], ['provider']],
      };
    case 'provider_failing':
      return {
        ...count(METRIC.providersFailing, { name: measurement.name, reason: scrubbed(measurement.reason) }),
        dimensions: { provider: measurement.provider },
        sets: [[], ['provider']],
      };
    case 'callee_unreachable':
      return by({ reason: measurement.reason }, count(METRIC.calleesUnreachable, { call_cid: measurement.cid }));
    case 'stop_failed':
      return count(METRIC.stopsFailed, { call_cid: measurement.cid });
    case 'connection_refused':
      return {
        ...count(METRIC.connectionsRefused, { reason: measurement.reason }),
        dimensions: { dialect: measurement.dialect },
        sets: [[], ['dialect']],
      };
    case 'ring_hook_asked':
      return {
        ...count(METRIC.ringHookTime, { call_cid: measurement.cid }),
        unit: 'Milliseconds',
        value: measurement.ms,
      };
    case 'ring_hook_failed':
      return count(METRIC.ringHookFailures, { call_cid: measurement.cid, fault: measurement.fault });
    case 'connection_opened':
      return by({ dialect: measurement.dialect }, count(METRIC.connectionsOpened));
    case 'frame_received':
      return by({ dialect: measurement.dialect }, count(METRIC.framesReceived));
    case 'frame_refused':
      return by({ dialect: measurement.dialect }, count(METRIC.framesRefused, { code: measurement.code }));
    case 'contended':
      return count(METRIC.contended);
    case 'row_unreadable':
      return count(METRIC.rowsUnreadable, { row: measurement.row });
    case 'internal_error':
      return count(METRIC.internalErrors);
  }
}

const count = (metric: string, properties: Datum['properties'] = {}): Datum => ({
  metric,
  unit: 'Count',
  value: 1,
  dimensions: {},
  sets: [[]],
  properties,
});

const by = (dimensions: Datum['dimensions'], datum: Datum): Datum => ({
  ...datum,
  dimensions,
  sets: [Object.keys(dimensions)],
});

function attempt({ cid, provider, push, attempt, outcome }: Extract<Measurement, { type: 'push_attempted' }>): Datum {
  const answer = {
    ...('status' in outcome && { status: outcome.status }),
    ...('reason' in outcome && { reason: scrubbed(outcome.reason) }),
  };
  return {
    ...count(METRIC.pushAttempts, { call_cid: cid, push, attempt, ...answer }),
    dimensions: { provider, outcome: attemptOutcome(outcome) },
    sets: [['provider'], ['provider', 'outcome']],
  };
}

function attemptOutcome(outcome: PushOutcome): AttemptOutcome {
  switch (outcome.kind) {
    case 'accepted':
    case 'refused':
      return outcome.kind;
    case 'withheld':
      return 'refused';
    case 'unregistered':
    case 'wrong_environment':
      return 'dead_token';
    case 'retryable':
      return outcome.status === 429 ? 'throttled' : 'unavailable';
  }
}

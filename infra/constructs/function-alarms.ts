import { Duration } from 'aws-cdk-lib';
import { type Alarm, MathExpression, type Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmProps, Alarms } from './alarms.ts';
import type { MonitoredResources } from './monitored-resources.ts';
import { FUNCTIONS, type FunctionName } from './service-functions.ts';
import { StageMetrics } from './stage-metrics.ts';

/** What users notice when a function fails. */
const IMPACT: Readonly<Record<FunctionName, Pick<AlarmProps, 'severity' | 'impact'>>> = {
  Http: { severity: 'page', impact: 'REST requests fail: calls are not placed, answered or declined.' },
  Connection: { severity: 'page', impact: 'Phones cannot connect, or connect and are told nothing.' },
  Command: { severity: 'page', impact: 'Calls are not placed, answered or declined over the WebSocket.' },
  Signal: { severity: 'page', impact: 'Calls are answered, but no audio or video comes through.' },
  Room: { severity: 'page', impact: 'People cannot come into rooms, or do not hear each other there.' },
  SocketIo: { severity: 'page', impact: 'Clients of Socket.IO cannot connect, call or answer.' },
  RingWorker: { severity: 'page', impact: 'Phones are not rung, or not silenced.' },
  DeadlineWorker: { severity: 'ticket', impact: 'Rings are not ended on time.' },
};

const MAX_ERRORS_PERCENT = 1;

/** Periods of a minute, so that a failure is noticed soon; three of them, so that one stray error wakes nobody. */
const period = Duration.minutes(1);
const periods = { above: 3, of: 5 };

/** Adds the alarms on each function: on errors, which include time-outs, and on invocations that Lambda throttled. Returns those on errors. */
export function addFunctionAlarms(
  alarms: Alarms,
  { stage, functions }: MonitoredResources,
): ReadonlyMap<FunctionName, Alarm> {
  const onErrors = new Map<FunctionName, Alarm>();
  const metrics = new StageMetrics(stage.name, period);
  for (const name of FUNCTIONS) {
    const worker = functions[name];
    // The authorizer refuses a WebSocket with 401 by throwing, which Lambda counts as an error.
    const dialect = AUTHORIZES[name];
    const own = dialect === undefined ? PLAIN : withoutRefusals(metrics.count('connectionsRefused', { dialect }));
    const errors = alarms.add(`${name}Errors`, {
      ...IMPACT[name],
      metric: new MathExpression({
        label: `${name}: errors in 100 invocations`,
        expression: `100 * ${own.expression} / invocations`,
        usingMetrics: {
          errors: worker.metricErrors({ period }),
          invocations: worker.metricInvocations({ period }),
          ...own.metrics,
        },
        period,
      }),
      threshold: MAX_ERRORS_PERCENT,
      periods,
      runbook: 'function-errors',
    });
    onErrors.set(name, errors);
    alarms.add(`${name}Throttles`, {
      ...IMPACT[name],
      metric: worker.metricThrottles({ period }),
      threshold: 0,
      periods,
      runbook: 'function-throttles',
    });
  }
  return onErrors;
}

/** The functions with an authorizer, and the dialect of those whom it refuses. */
const AUTHORIZES: Readonly<Partial<Record<FunctionName, string>>> = { Connection: 'native', Room: 'rooms' };

const PLAIN = { expression: 'errors', metrics: {} };

const withoutRefusals = (refused: Metric) => ({ expression: '(errors - FILL(refused, 0))', metrics: { refused } });

import { Duration } from 'aws-cdk-lib';
import { type Alarm, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { Alarms } from './alarms.ts';
import { FAILURES } from './logs-insights.ts';
import type { MonitoredResources } from './monitored-resources.ts';
import type { FunctionName } from './service-functions.ts';
import { StageMetrics } from './stage-metrics.ts';

const MAX_FAILED_PERCENT = 1;

const period = Duration.minutes(1);
const periods = { above: 3, of: 5 };

/** Adds the alarms on requests that fail through no fault of the client, and returns them. */
export function addApiAlarms(
  alarms: Alarms,
  { stage, functions, rest, sockets, socketIo, rooms }: MonitoredResources,
): Alarm[] {
  const logsOf = (...names: readonly FunctionName[]) => names.map((name) => functions[name].logGroup);
  const onRest = alarms.add('RestFails', {
    severity: 'page',
    impact: 'REST requests fail: calls are not placed, answered or declined.',
    metric: new MathExpression({
      label: 'REST: 5xx in 100 requests',
      expression: '100 * failed / requests',
      usingMetrics: {
        failed: rest.stage.metricServerError({ period, statistic: 'Sum' }),
        requests: rest.stage.metricCount({ period, statistic: 'Sum' }),
      },
      period,
    }),
    threshold: MAX_FAILED_PERCENT,
    periods,
    runbook: 'rest-failures',
    logs: {
      groups: [rest.accessLogs, ...logsOf('Http')],
      query:
        'filter status like /^5/ or level = "ERROR" or type = "platform.report" | fields @timestamp, method, path, status, message, error.name, error.message | sort @timestamp desc | limit 50',
    },
  });
  const all = [
    [
      'WebSocketFails',
      'WebSocket',
      sockets,
      ['Connection', 'Command', 'Signal'],
      'Phones cannot connect, or their frames are lost.',
    ],
    [
      'SocketIoFails',
      'Socket.IO',
      socketIo,
      ['SocketIo'],
      'Clients of Socket.IO cannot connect, or their packets are lost.',
    ],
    ['RoomsFail', 'Rooms', rooms, ['Room'], 'People cannot come into rooms, or their frames are lost.'],
  ] as const;
  const onSockets = all.map(([id, name, { stage: deployed }, behind, impact]) =>
    alarms.add(id, {
      severity: 'page',
      impact,
      metric: new MathExpression({
        label: `${name}: failed in 100 frames and connections`,
        expression: '100 * (FILL(integration, 0) + FILL(execution, 0)) / FILL(invocations, 1)',
        usingMetrics: {
          integration: deployed.metric('IntegrationError', { period, statistic: 'Sum' }),
          execution: deployed.metric('ExecutionError', { period, statistic: 'Sum' }),
          // MessageCount has the frames to clients, too, which cannot fail in this way and would hide half of the failures.
          invocations: deployed.metric('IntegrationLatency', { period, statistic: 'SampleCount' }),
        },
        period,
      }),
      threshold: MAX_FAILED_PERCENT,
      periods,
      runbook: 'websocket-failures',
      logs: { groups: logsOf(...behind), query: FAILURES },
    }),
  );
  // Over the WebSocket an internal error is an ordinary frame, which API Gateway does not count as an error.
  const onInternalErrors = alarms.add('InternalErrors', {
    severity: 'page',
    impact: 'Requests and frames are answered with an internal error.',
    metric: new StageMetrics(stage.name, period).count('internalErrors'),
    threshold: 0,
    periods,
    runbook: 'internal-errors',
    logs: {
      groups: logsOf('Http', 'Connection', 'Command', 'Signal', 'SocketIo', 'Room'),
      query: 'filter message = "internal error" | stats count() by @log, error.name, error.message',
    },
  });
  return [onRest, ...onSockets, onInternalErrors];
}

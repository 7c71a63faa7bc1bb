import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { AlarmProps, Alarms } from './alarms.ts';
import type { MonitoredResources } from './monitored-resources.ts';
import { FUNCTIONS, type FunctionName } from './service-functions.ts';
import { StageMetrics } from './stage-metrics.ts';
import { addAlarmsOn, PLAIN, period, type Watched } from './watched-function.ts';

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

/** Adds the alarms on each function. */
export function addFunctionAlarms(alarms: Alarms, { stage, functions }: MonitoredResources): Watched[] {
  const metrics = new StageMetrics(stage.name, period);
  return FUNCTIONS.map((name) => {
    // The authorizer refuses a WebSocket with 401 by throwing, which Lambda counts as an error.
    const dialect = AUTHORIZES[name];
    const own = dialect === undefined ? PLAIN : withoutRefusals(metrics.count('connectionsRefused', { dialect }));
    return addAlarmsOn(alarms, { name, lambda: functions[name], ...IMPACT[name] }, own);
  });
}

/** The functions with an authorizer, and the dialect of those whom it refuses. */
const AUTHORIZES: Readonly<Partial<Record<FunctionName, string>>> = { Connection: 'native', Room: 'rooms' };

const withoutRefusals = (refused: Metric) => ({ expression: '(errors - FILL(refused, 0))', metrics: { refused } });

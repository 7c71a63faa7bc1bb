import { callReports } from '#domain/report/call-reports.ts';
import type { Committed, Report, ReportSink } from '#ports/report.ts';
import { type PhoneOutcomesDeps, phoneOutcomes } from './phone-outcomes.ts';

export interface TellBackendDeps extends PhoneOutcomesDeps {
  /** Wherever the app's backend hears of them. */
  readonly sinks: readonly ReportSink[];
}

/**
 * Tells the app's backend what the table has committed. Each report leaves only once those before it are taken. If it
 * fails, all of them are told again, with the same ids.
 */
export const tellBackend = (deps: TellBackendDeps) => {
  const outcomes = phoneOutcomes(deps);
  return async (committed: Committed): Promise<void> => {
    for (const report of reportsOf(committed)) {
      const whole = report.type === 'call.ended' ? { ...report, phones: await outcomes(report.call) } : report;
      await Promise.all(deps.sinks.map((sink) => sink.take(whole)));
    }
  };
};

function reportsOf(committed: Committed): readonly Report[] {
  switch (committed.kind) {
    case 'call':
      return callReports(committed.before, committed.after);
    case 'device_registered':
      return [{ type: 'device.registered', pushToken: committed.pushToken }];
    case 'device_removed':
      return [{ type: 'device.removed', device: committed.device }];
    case 'provider_failing':
      return [{ type: 'push.provider_failing', fault: committed.fault }];
  }
}

import type { Call } from '#domain/call/call.ts';
import type { PushProvider, PushToken } from '#domain/push-token/token.ts';
import type { CallReport } from '#domain/report/call-reports.ts';
import type { EpochMs } from '#domain/time.ts';
import type { RemovedPushToken } from './user-records.ts';

/** How the push that was to ring a phone ended. `unknown`: nobody knows yet, or the push service never answered. */
export const PHONE_OUTCOMES = ['accepted', 'dead', 'failed', 'skipped', 'unknown'] as const;

/** What became of one phone that a call was to ring. */
export interface PhoneOutcome {
  readonly provider: string;
  /** The end of its token. */
  readonly device: string;
  readonly outcome: (typeof PHONE_OUTCOMES)[number];
}

/** What became of the phones of each callee, by user id. */
export type PhoneOutcomes = ReadonlyMap<string, readonly PhoneOutcome[]>;

/** A device that has left its user. */
export interface RemovedDevice extends RemovedPushToken, Pick<PushToken, 'userId' | 'key'> {}

/** A push provider that refuses everything because of how it is configured. */
export interface ProviderFault {
  readonly provider: PushProvider;
  readonly name: string;
  readonly reason: string;
  /** When the first push was refused for it. */
  readonly since: EpochMs;
}

/** What the app's backend is told. */
export type Report =
  | CallReport
  /** The end of a call, with what became of the phones. */
  | (CallReport & { readonly phones: PhoneOutcomes })
  | { readonly type: 'device.registered'; readonly pushToken: PushToken }
  | { readonly type: 'device.removed'; readonly device: RemovedDevice }
  | { readonly type: 'push.provider_failing'; readonly fault: ProviderFault };

/** What the table has committed of what the app's backend is told of. */
export type Committed =
  | { readonly kind: 'call'; readonly before: Call | undefined; readonly after: Call }
  | { readonly kind: 'device_registered'; readonly pushToken: PushToken }
  | { readonly kind: 'device_removed'; readonly device: RemovedDevice }
  | { readonly kind: 'provider_failing'; readonly fault: ProviderFault };

/** Somewhere that the app's backend hears of reports. It resolves once the report cannot be lost any more. */
export interface ReportSink {
  take(report: Report): Promise<void>;
}

import type { Call } from '#domain/call/call.ts';
import type { Preferences } from '#domain/protection/guard.ts';
import type { PushToken } from '#domain/push-token/token.ts';
import type { EpochMs } from '#domain/time.ts';
import type { Block } from './guard-store.ts';
import type { Connection } from './presence-store.ts';

/** A push token that has left its user. */
export interface RemovedPushToken
  extends Pick<PushToken, 'provider' | 'providerName' | 'voip' | 'sandbox' | 'hardwareId' | 'refreshedAt'> {
  /** The end of the token. */
  readonly device: string;
  readonly reason: string;
  readonly removedAt: EpochMs;
}

/** How many rings a user has started in an hour, and in a minute of it. */
export interface StartedRings {
  readonly inHour: number;
  readonly inMinute: number;
}

/** All that the service knows of a user at this moment. */
export interface UserAsKnown {
  readonly userId: string;
  /** The most recently refreshed first. */
  readonly pushTokens: readonly PushToken[];
  /** Those that have gone in the last 30 days, the latest first. */
  readonly removed: readonly RemovedPushToken[];
  /** The latest first. */
  readonly connections: readonly Connection[];
  /** The call that they are in, or that rings for them. */
  readonly liveCall?: Call;
  readonly blocks: readonly Block[];
  readonly preferences: Preferences;
  /** How many rings they have started in this hour and minute. */
  readonly rings: StartedRings;
}

/** What is kept of a user for people who look for a reason. No rule of ringing depends on it. */
export interface UserRecords {
  /** The push tokens that have gone in the last 30 days, in no order. */
  removedPushTokens(userId: string): Promise<RemovedPushToken[]>;
  /** The rings of the hour and the minute of `at`; none where rings are not counted. */
  startedRings(userId: string, at: EpochMs): Promise<StartedRings>;
}

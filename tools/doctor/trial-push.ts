import { randomUUID } from 'node:crypto';
import type { PushProvider, PushToken } from '#domain/push-token/token.ts';
import { type EpochMs, epochMs, later, SECOND_MS } from '#domain/time.ts';
import type { Push } from '#ports/push-sender.ts';

/** A push token that no phone has, neither Apple's nor Google's. */
const NOBODYS_TOKEN = '0'.repeat(64);

/** A device that does not exist, of the provider `name`. */
export const trialDevice = (provider: PushProvider, name: string): PushToken => ({
  userId: 'carillon-doctor',
  key: 'carillon-doctor',
  token: NOBODYS_TOKEN,
  idType: 'token',
  provider,
  providerName: name,
  voip: true,
  sandbox: false,
  createdAt: epochMs(0),
  refreshedAt: epochMs(0),
});

/** A ring that nobody can receive. */
export const trialPush = (now: EpochMs): Push => ({
  kind: 'ring',
  cid: 'default:carillon-doctor',
  ringId: randomUUID(),
  caller: { id: 'carillon-doctor' },
  video: false,
  sentAt: now,
  expiresAt: later(now, 30 * SECOND_MS),
  wakeToken: 'none',
});

import { createHash } from 'node:crypto';
import { apnsSender } from '#adapters/apns/sender.ts';
import { fcmSender } from '#adapters/fcm/sender.ts';
import { type EpochMs, epochMs } from '#domain/time.ts';
import type { Contestant, Ground } from '../contestant.ts';
import type { BenchDevice } from '../rings.ts';
import { plainSender } from './plain.ts';

const clock = (): EpochMs => epochMs(Date.now());

/** Carillon's senders only, with one attempt for each device, no table and no retries, to compare them with the libraries. */
export async function start({ account, apns: key }: Ground): Promise<Contestant> {
  const fcm = fcmSender({ account: async () => account, clock });
  const apns = apnsSender({ key: async () => key, clock });
  await Promise.all([fcm.warm('default'), apns.warm('default')]);
  return plainSender(async (device, ring, expiresAt) => {
    const sender = device.platform === 'ios' ? apns : fcm;
    const push = {
      kind: 'ring' as const,
      cid: `default:${ring.id}`,
      ringId: ring.id,
      caller: { id: 'caller', name: 'Alice' },
      video: true,
      sentAt: clock(),
      expiresAt: epochMs(expiresAt),
      wakeToken: 'wake-token',
    };
    const { kind } = await sender.send(deviceOf(device, ring.userId), push);
    if (kind === 'unregistered') return 'invalid';
    return kind === 'accepted' ? 'sent' : 'failed';
  });
}

const deviceOf = ({ token, platform }: BenchDevice, userId: string) => ({
  userId,
  key: createHash('sha256').update(token).digest('base64url'),
  token,
  idType: 'token' as const,
  provider: platform === 'ios' ? ('apn' as const) : ('firebase' as const),
  providerName: 'default',
  voip: platform === 'ios',
  sandbox: false,
  createdAt: epochMs(0),
  refreshedAt: epochMs(0),
});

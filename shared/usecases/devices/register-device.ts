import { createHash } from 'node:crypto';
import { byFreshness, type Device } from '#domain/push-token/token.ts';
import type { Clock } from '#domain/time.ts';
import type { DeviceStore } from '#ports/device-store.ts';

export interface DeviceDeps {
  readonly devices: DeviceStore;
  readonly clock: Clock;
}

/** What a client says of its push token. */
export type NewDevice = Omit<Device, 'key' | 'createdAt' | 'refreshedAt' | 'failing'>;

const hashOf = (provider: string, token: string): string =>
  createHash('sha256').update(`${provider}:${token}`).digest('base64url');

/** Registers a push token, or refreshes it; a token that another user had is theirs no longer. */
export const registerDevice =
  ({ devices, clock }: DeviceDeps) =>
  async (wanted: NewDevice): Promise<{ device: Device; created: boolean }> => {
    const now = clock();
    const device = { ...wanted, key: hashOf(wanted.provider, wanted.token), createdAt: now, refreshedAt: now };
    return devices.register(device);
  };

/** A user's devices, the newest first. */
export const listDevices =
  ({ devices }: DeviceDeps) =>
  async (userId: string): Promise<Device[]> =>
    (await devices.list(userId)).toSorted(byFreshness);

import type { Contestant } from '../contestant.ts';
import type { BenchDevice, BenchRing } from '../rings.ts';

/** Sends one push; `false` if the library says that the token is invalid. */
export type SendOne = (
  device: BenchDevice,
  ring: BenchRing,
  expiresAt: number,
) => Promise<'sent' | 'failed' | 'invalid'>;

/** A library as its README uses it: one send a device, and a token that it calls invalid is deleted. */
export function plainSender(send: SendOne): Contestant {
  const deleted: string[] = [];
  return {
    prepare: async () => undefined,
    open: async () => undefined,
    async ring(ring, expiresAt) {
      await Promise.all(
        ring.devices.map(async (device) => {
          const came = await send(device, ring, expiresAt).catch(() => 'failed');
          if (came === 'invalid') deleted.push(device.token);
        }),
      );
    },
    deleted: async () => deleted,
  };
}

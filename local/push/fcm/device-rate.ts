import { type Refusal, tooMany } from './errors.ts';

/** @see https://firebase.google.com/docs/cloud-messaging/throttling-and-quotas */
const PER_MINUTE = 240;
const MINUTE_MS = 60_000;

/** Counts a message to one device and refuses the 241st within a minute. */
export type DeviceRate = (device: string, now: number) => Refusal | undefined;

/** Starts counting. */
export function openDeviceRate(): DeviceRate {
  const sentAt = new Map<string, number[]>();
  return (device, now) => {
    const recent = (sentAt.get(device) ?? []).filter((at) => at > now - MINUTE_MS);
    sentAt.set(device, recent);
    const [oldest] = recent;
    if (oldest !== undefined && recent.length >= PER_MINUTE) {
      const retryAfterS = Math.ceil((oldest + MINUTE_MS - now) / 1000);
      return tooMany(`device:${device}`, `More than ${PER_MINUTE} messages a minute to one device.`, retryAfterS);
    }
    recent.push(now);
    return undefined;
  };
}

import { deviceBearer, type Handset } from '../call/call.ts';
import { byFreshness, type Device, handsetKey } from './token.ts';

export type SkipReason = 'not_ringable' | 'same_handset' | 'provider_not_supported';

/** Which devices of a callee are pushed, and why the others are not. */
export interface RingPlan {
  readonly push: readonly Device[];
  readonly skip: readonly { readonly device: Device; readonly reason: SkipReason }[];
}

/**
 * PushKit tokens and FCM tokens ring, and ordinary APNs tokens of the providers `byAlert`, whose apps ring by an alert; of
 * one handset's, the PushKit token, else the freshest.
 */
export function ringPlan(devices: readonly Device[], byAlert: ReadonlySet<string>): RingPlan {
  const rung = new Map<string, Device>();
  const skip: { device: Device; reason: SkipReason }[] = [];
  for (const device of devices.toSorted((a, b) => Number(b.voip) - Number(a.voip) || byFreshness(a, b))) {
    const reason = unringable(device, byAlert) ?? (rung.has(handsetKey(device)) ? 'same_handset' : undefined);
    if (reason === undefined) rung.set(handsetKey(device), device);
    else skip.push({ device, reason });
  }
  return { push: [...rung.values()], skip };
}

function unringable({ provider, providerName, voip }: Device, byAlert: ReadonlySet<string>): SkipReason | undefined {
  switch (provider) {
    case 'firebase':
      return undefined;
    case 'apn':
      return voip || byAlert.has(providerName) ? undefined : 'not_ringable';
    case 'webpush':
      return 'provider_not_supported';
  }
}

/**
 * Who is told of a missed call besides the phones whose stop message says so: one device a handset, an ordinary APNs
 * token before an FCM token. `rung` holds the keys of the devices that took the ring.
 */
export function noticePlan(devices: readonly Device[], rung: ReadonlySet<string>): Device[] {
  const told = new Set(devices.filter(({ key, provider }) => provider === 'firebase' && rung.has(key)).map(handsetKey));
  const able = devices.filter(({ provider, voip }) => provider === 'firebase' || (provider === 'apn' && !voip));
  const notices: Device[] = [];
  for (const device of able.toSorted((a, b) => a.provider.localeCompare(b.provider) || byFreshness(a, b))) {
    if (told.has(handsetKey(device))) continue;
    told.add(handsetKey(device));
    notices.push(device);
  }
  return notices;
}

/** Whether `device` is on the handset that somebody acted from. */
export const isOn = (device: Device, handset: Handset): boolean =>
  handset.bearer === deviceBearer(device.key) ||
  (device.hardwareId !== undefined && device.hardwareId === handset.hardwareId);

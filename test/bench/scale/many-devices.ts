import { spreadOf } from '../quantile.ts';
import { addPhone, connect, fresh, received, users } from './crowd.ts';
import { eachOf } from './each-of.ts';
import { commanded } from './frames.ts';
import { LONG_RING } from './long-ring.ts';
import { type Units, unitsOf } from './usage.ts';

/** Rings of a user with several handsets, every other one an iPhone. */
export interface ManyDevices {
  readonly devices: number;
  /** From the caller's frame until the push to the last handset has arrived, over all rings. */
  readonly last_push_p50_ms: number;
  /** The cost of one ring that is cancelled after the last push. */
  readonly ring_units: Units;
  readonly cancel_units: Units;
}

const RINGS = 10;

/** Rings a new user with several handsets, ten times. */
export async function measureDevices(url: string, devices: number): Promise<ManyDevices> {
  const [caller, callee] = await users(url, 'gadget', 2);
  if (!caller || !callee) throw new Error('nobody came');
  const phones = await eachOf([...Array(devices).keys()], 5, (nth) =>
    addPhone(url, callee, nth % 2 === 0 ? 'android' : 'iphone'),
  );
  const { socket } = await connect(url, caller);
  const times: number[] = [];
  let units: Pick<ManyDevices, 'ring_units' | 'cancel_units'> | undefined;
  for (let ring = 0; ring < RINGS; ring += 1) {
    const call_id = fresh('gadget');
    const members = [{ user_id: callee.id }];
    const { result: sentAt, units: ring_units } = await unitsOf(url, async () => {
      const at = Date.now();
      await commanded(socket, { type: 'call.ring', call_id, members, settings_override: LONG_RING });
      return at;
    });
    times.push((await lastPush(url, phones, `default:${call_id}`)) - sentAt);
    const cancel = { type: 'call.cancel', call_cid: `default:${call_id}` };
    const { units: cancel_units } = await unitsOf(url, () => commanded(socket, cancel));
    units = { ring_units, cancel_units };
  }
  await socket.close();
  if (!units) throw new Error('nothing was rung');
  return { devices, last_push_p50_ms: spreadOf(times).p50_ms, ...units };
}

/** When the last handset got the ring, in epoch milliseconds. */
async function lastPush(url: string, phones: readonly string[], cid: string): Promise<number> {
  const pushes = (await eachOf(phones, 10, (phone) => received(url, phone))).flat();
  const rings = pushes.filter(({ keys }) => keys['call_cid'] === cid && keys['type'] === 'call.ring');
  if (rings.length < phones.length) throw new Error(`${rings.length} of ${phones.length} handsets were pushed`);
  return Math.max(...rings.map(({ at }) => at));
}

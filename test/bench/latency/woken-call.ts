import { nowMs } from '../clock.ts';
import type { Play, Sample } from './samples.ts';
import { type BenchUser, fresh, type Scenery } from './scenery.ts';
import { SDP, SIGNALS } from './signals.ts';
import type { TimedSocket } from './timed-socket.ts';

interface Talk {
  readonly cid: string;
  readonly caller: TimedSocket;
  /** The iPhone that was woken. */
  readonly iphone: TimedSocket;
}

/** A call to a new user whose app is closed on an Android phone and on an iPhone: the iPhone is woken and answers, both exchange candidates, and the caller hangs up. */
export const wokenCall =
  (scenery: Scenery, caller: TimedSocket): Play =>
  async () => {
    const callee = await scenery.user('bob');
    const phones = await scenery.phonesOf(callee);
    const id = fresh('call');
    const cid = `default:${id}`;
    await scenery.quiet();
    const { samples: pushed, wakeToken } = await ring(scenery, caller, id, callee, phones);
    const { sample: woken, iphone } = await wake(scenery, wakeToken);
    const browser = await scenery.open(callee.token, 'browser');
    await browser.next('user.connected');
    await scenery.quiet();
    const silenced = await accept({ cid, caller, iphone }, browser, () => scenery.push(phones.android, 2));
    await scenery.quiet();
    const relayed = await talk(scenery, { cid, caller, iphone });
    caller.send({ type: 'call.end', id: 'end', call_cid: cid });
    await Promise.all([caller.next('response'), ...[iphone, browser].map((socket) => socket.next('call.ended'))]);
    await Promise.all([iphone.close(), browser.close()]);
    caller.forget();
    return [...pushed, woken, ...silenced, ...relayed];
  };

async function ring(
  scenery: Scenery,
  caller: TimedSocket,
  call_id: string,
  callee: BenchUser,
  { android, iphone }: { readonly android: string; readonly iphone: string },
): Promise<{ samples: readonly Sample[]; wakeToken: string }> {
  const members = [{ user_id: callee.id }];
  const sentAt = caller.send({ type: 'call.ring', id: 'ring', call_id, members, offer: { type: 'offer', sdp: SDP } });
  const [viaFcm, viaApns] = await Promise.all([scenery.push(android, 1), scenery.push(iphone, 1)]);
  await caller.next('response');
  await scenery.quiet();
  const [fcm, apns] = [viaFcm.monotonic_ms - sentAt, viaApns.monotonic_ms - sentAt];
  const samples = [
    { figure: 'ring_to_push', ms: Math.max(fcm, apns) },
    { figure: 'ring_to_push_fcm', ms: fcm },
    { figure: 'ring_to_push_apns', ms: apns },
  ];
  return { samples, wakeToken: viaApns.body.wake_token };
}

async function wake(scenery: Scenery, token: string): Promise<{ sample: Sample; iphone: TimedSocket }> {
  const from = nowMs();
  const iphone = await scenery.open(token);
  const arrivals = await Promise.all([iphone.next('call.ring'), iphone.next('sdp.offer')]);
  await scenery.quiet();
  return { sample: { figure: 'wake_to_ring', ms: Math.max(...arrivals.map(({ at }) => at)) - from }, iphone };
}

async function accept(
  { cid, iphone }: Talk,
  browser: TimedSocket,
  stopPush: () => Promise<{ readonly monotonic_ms: number }>,
): Promise<readonly Sample[]> {
  const sentAt = iphone.send({ type: 'call.accept', id: 'accept', call_cid: cid });
  const [stop, event] = await Promise.all([stopPush(), browser.next('call.accepted')]);
  await iphone.next('response');
  return [
    { figure: 'accept_to_silence', ms: stop.monotonic_ms - sentAt },
    { figure: 'accept_to_silence_event', ms: event.at - sentAt },
  ];
}

/** The answer goes to the caller, and candidates go both ways, one after the other. */
async function talk(scenery: Scenery, { cid, caller, iphone }: Talk): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (const [nth, signal] of SIGNALS.entries()) {
    const [from, to] = nth % 2 === 0 ? [iphone, caller] : [caller, iphone];
    const sentAt = from.send({ ...signal, id: 'signal', call_cid: cid });
    const { at } = await to.next(signal.type);
    samples.push({ figure: 'signal_relay', ms: at - sentAt });
    await from.next('response');
    await scenery.quiet();
  }
  return samples;
}

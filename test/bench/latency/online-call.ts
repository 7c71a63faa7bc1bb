import { nowMs } from '../clock.ts';
import type { Play } from './samples.ts';
import { type BenchUser, fresh, type Scenery, succeeded } from './scenery.ts';
import type { TimedSocket } from './timed-socket.ts';

/** The hardware id of the callee's socket, and of the requests that come from the same browser. */
export const BROWSER = 'browser';

/** A call to a user who is connected and has no phone: the browser rings and accepts over REST, and the caller hangs up. */
export const onlineCall =
  (scenery: Scenery, caller: TimedSocket, callee: BenchUser & { readonly socket: TimedSocket }): Play =>
  async () => {
    const { socket, token } = callee;
    const id = fresh('call');
    await scenery.quiet();
    const sentAt = caller.send({ type: 'call.ring', id: 'ring', call_id: id, members: [{ user_id: callee.id }] });
    const ring = await socket.next('call.ring');
    await caller.next('response');
    await scenery.quiet();
    const from = nowMs();
    const path = `/api/v2/video/call/default/${id}/accept`;
    await succeeded(scenery.rest.request('POST', path, { token, body: { hardware_id: BROWSER } }));
    const acceptMs = nowMs() - from;
    caller.send({ type: 'call.end', id: 'end', call_cid: `default:${id}` });
    await Promise.all([caller.next('response'), socket.next('call.ended')]);
    for (const each of [caller, socket]) each.forget();
    return [
      { figure: 'ring_to_event', ms: ring.at - sentAt },
      { figure: 'rest_accept', ms: acceptMs },
    ];
  };

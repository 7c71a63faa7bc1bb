/** A latency that is measured. */
export interface Figure {
  readonly key: string;
  /** Its start and end. */
  readonly what: string;
  /** The requests of its floor. */
  readonly floor: string;
  /** How many invocations of functions it includes, one after the other. */
  readonly invocations: number;
}

const RING_FLOOR =
  'two claims side by side, the call; one queue hop; one query for connections and phones, one claim of the pushes, one HTTP/2 request to FCM and to APNs side by side';

/** All latencies, in the order of the table. */
export const FIGURES: readonly Figure[] = [
  {
    key: 'ring_to_push',
    what: 'the caller’s `call.ring` (with an offer of 2 KiB) sent → the later of the two requests received by FCM and by APNs, for a callee whose app is closed on an Android phone and on an iPhone',
    floor: RING_FLOOR,
    invocations: 2,
  },
  { key: 'ring_to_push_fcm', what: 'the same, the request to FCM', floor: 'the same', invocations: 2 },
  { key: 'ring_to_push_apns', what: 'the same, the request to APNs', floor: 'the same', invocations: 2 },
  {
    key: 'ring_to_event',
    what: 'the caller’s `call.ring` sent → `call.ring` received on the socket of a callee who is connected',
    floor: 'two claims side by side, the call; one post',
    invocations: 2,
  },
  {
    key: 'wake_to_ring',
    what: 'the iPhone begins to open its socket, with the wake token alone → it has `call.ring` and the offer that was kept',
    floor:
      'the connection; one queue hop; the mark, the call and the mailbox side by side; three posts in order. No handshake',
    invocations: 3,
  },
  {
    key: 'accept_to_silence',
    what: 'the iPhone’s `call.accept` sent → the stop received by FCM for the Android phone that rang',
    floor: 'one change of the call; one queue hop; one change of the push record; one HTTP/2 request',
    invocations: 2,
  },
  {
    key: 'accept_to_silence_event',
    what: 'the same `call.accept` sent → `call.accepted` received on the callee’s other socket',
    floor: 'one change of the call; one post',
    invocations: 1,
  },
  {
    key: 'signal_relay',
    what: 'a signal of an active call sent → received by the other end: an answer of 2 KiB, then four candidates each',
    floor: 'one read of the call; one post',
    invocations: 1,
  },
  {
    key: 'rest_accept',
    what: '`POST …/accept` sent → its `200`',
    floor: 'one HTTP request that the gateway answers by itself; one change of the call',
    invocations: 1,
  },
];

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
  'two claims at once, the call; one queue hop; one query, one claim of the pushes, both HTTP/2 requests at once';

/** All latencies, in the order of the table. */
export const FIGURES: readonly Figure[] = [
  {
    key: 'ring_to_push',
    what: '`call.ring` with an offer of 2 KiB sent → received by both FCM and APNs, for a callee whose app is closed on an Android phone and an iPhone',
    floor: RING_FLOOR,
    invocations: 2,
  },
  { key: 'ring_to_push_fcm', what: 'the same, the request to FCM', floor: 'the same', invocations: 2 },
  { key: 'ring_to_push_apns', what: 'the same, the request to APNs', floor: 'the same', invocations: 2 },
  {
    key: 'ring_to_event',
    what: '`call.ring` sent → received on the callee’s open socket',
    floor: 'two claims at once, the call; one post',
    invocations: 2,
  },
  {
    key: 'wake_to_ring',
    what: 'the iPhone begins to open its socket with the wake token → it has `call.ring` and the kept offer',
    floor:
      'the connection; one queue hop; the mark, the call and the mailbox at once; three posts in order. No handshake',
    invocations: 3,
  },
  {
    key: 'accept_to_silence',
    what: 'the iPhone’s `call.accept` sent → the stop received by FCM',
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
    what: 'an answer of 2 KiB, then four candidates each, sent → received by the other end',
    floor: 'one read of the call; one post',
    invocations: 1,
  },
  {
    key: 'rest_accept',
    what: '`POST …/accept` sent → its `200`',
    floor: 'one HTTP request that the gateway answers; one change of the call',
    invocations: 1,
  },
];

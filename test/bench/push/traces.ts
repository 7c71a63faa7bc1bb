import type { PushFakes } from '#local/push/push-fakes.ts';
import type { BenchDevice, BenchRing } from './rings.ts';

/** The parts of a play in which faults are injected. */
export interface Stage {
  readonly fakes: PushFakes;
  /** Freezes the sender's process, as Lambda does with an idle one, and thaws it. */
  freeze(): void;
  thaw(): void;
}

/** A series of faults that every sender has to cope with. */
export interface Trace {
  readonly name: string;
  /** What goes wrong, for the readers of the table. */
  readonly what: string;
  /** What the services answer to the requests for one device, before they accept. */
  readonly answers?: (device: BenchDevice, nth: number, ring: BenchRing, random: () => number) => readonly object[];
  /** A token that is dead, so that deleting it is right. */
  readonly isDead?: (device: BenchDevice, nth: number, ring: BenchRing) => boolean;
  /** A device that nothing can reach, though its token is good. */
  readonly isOutOfReach?: (device: BenchDevice) => boolean;
  /** What happens to the services after a share of the play. */
  readonly events?: readonly { readonly afterShare: number; readonly strike: (stage: Stage) => void }[];
  /** A pause after half of the rings, and what happens at its start and end. */
  readonly pause?: { readonly ms: number; begin(stage: Stage): void; end?(stage: Stage): void };
}

const BOTH = ['apn', 'fcm'] as const;

/** The services forget all open connections: what is sent over them is lost without an error. */
const forget = ({ fakes }: Stage): void => {
  for (const provider of BOTH) fakes.fault({ provider, fault: 'silence', on: 'open' });
};

const sayGoaway = ({ fakes }: Stage): void => {
  for (const provider of BOTH) fakes.fault({ provider, fault: 'goaway', on: 'request', processed: false });
};

/** How many of the requests for one device fail in a row, each with this probability. */
const failures = (probability: number, random: () => number): number => {
  let count = 0;
  while (count < 5 && random() < probability) count += 1;
  return count;
};

const repeated = (count: number, answer: object): object[] => Array.from({ length: count }, () => answer);

/** The devices are the same in each play: their tokens are hexadecimal hashes of their positions. */
const isOneInTen = ({ token }: BenchDevice): boolean => Number.parseInt(token.slice(0, 8), 16) % 10 === 0;

/** All traces, in the order of the table. */
export const TRACES: readonly Trace[] = [
  { name: 'healthy', what: 'Nothing goes wrong.' },
  {
    name: '10 % 503',
    what: 'One request in ten is answered with 503.',
    answers: (_, __, ___, random) => repeated(failures(0.1, random), { status: 503 }),
  },
  {
    name: '5 % never answered',
    what: 'One request in twenty is never answered. Half of these are delivered all the same: the sender cannot know.',
    answers: (_, __, ___, random) =>
      repeated(failures(0.05, random), { status: 200, drop: 'silent', delivered: random() < 0.5 }),
  },
  {
    name: '429 with Retry-After',
    what: 'One request in ten is answered with 429 and may be repeated after one second.',
    answers: (_, __, ___, random) => repeated(failures(0.1, random) > 0 ? 1 : 0, { status: 429, retry_after: 1 }),
  },
  {
    name: 'GOAWAY in a burst',
    what: 'Five times, both services end a connection by GOAWAY and say that its request was not processed.',
    events: [0.15, 0.3, 0.45, 0.6, 0.75].map((afterShare) => ({ afterShare, strike: sayGoaway })),
  },
  {
    name: 'silent after idle',
    what: 'Between the halves of the rings, the network silently forgets all connections during two idle seconds.',
    pause: { ms: 2000, begin: forget },
  },
  {
    name: 'freeze',
    what: 'Between the halves of the rings, the sender’s process is stopped for three seconds (SIGSTOP), and the network forgets its connections.',
    pause: {
      ms: 3000,
      begin: (stage) => {
        stage.freeze();
        forget(stage);
      },
      end: (stage) => stage.thaw(),
    },
  },
  {
    name: 'dead handset',
    what: 'The first token of every callee is dead (410, UNREGISTERED). Deleting it is right.',
    answers: (device, nth) =>
      nth > 0 ? [] : repeated(8, device.platform === 'ios' ? { status: 410 } : { status: 404, reason: 'UNREGISTERED' }),
    isDead: (_, nth) => nth === 0,
  },
  {
    name: 'APNs down for 10 s',
    what: 'APNs cuts its connections and refuses new ones for ten seconds.',
    events: [
      { afterShare: 0.2, strike: ({ fakes }) => fakes.fault({ provider: 'apn', fault: 'down', for_ms: 10_000 }) },
    ],
  },
  {
    name: 'wrong topic',
    what: 'Every push to an iPhone is refused with DeviceTokenNotForTopic. That is a wrong bundle id, so no token may be deleted.',
    answers: ({ platform }) =>
      platform === 'ios' ? repeated(8, { status: 400, reason: 'DeviceTokenNotForTopic' }) : [],
    isOutOfReach: ({ platform }) => platform === 'ios',
  },
  {
    name: 'no verdict',
    what: 'One Android token in ten gets a bare 404, as from a proxy, and cannot be reached. One iPhone in ten is a development build, which production refuses with BadDeviceToken. None of these tokens is dead.',
    answers: (device) => {
      if (!isOneInTen(device)) return [];
      if (device.platform === 'android') return [{ status: 404 }];
      return repeated(8, { status: 400, reason: 'BadDeviceToken', environment: 'production' });
    },
    isOutOfReach: (device) => device.platform === 'android' && isOneInTen(device),
  },
];

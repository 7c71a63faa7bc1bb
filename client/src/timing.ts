import { MS, type Shape } from './check.ts';

/** How long the client waits for what, in ms. */
export interface Timing {
  /** The first pause before a lost socket is opened again, and the longest. */
  readonly pause: readonly [first: number, longest: number];
  /** How often a ping proves that the socket is alive. */
  readonly ping: number;
  /** How long a socket that was asked may be silent before another one is opened. */
  readonly silence: number;
  /** How old a socket may become. The next one is opened before it is closed. */
  readonly renew: number;
  /** How long an old socket stays open for what is on its way. */
  readonly linger: number;
  /** How long opening a socket may take. */
  readonly open: number;
  /** How long `connect()` tries. */
  readonly connect: number;
  /** How long a command is repeated. */
  readonly answer: number;
}

/** API Gateway closes a socket that is silent for 10 minutes or open for two hours. */
export const TIMING: Timing = {
  pause: [300, 10_000],
  ping: 4 * 60_000,
  silence: 10_000,
  renew: 105 * 60_000,
  linger: 5_000,
  open: 10_000,
  connect: 20_000,
  answer: 30_000,
};

export const TIMING_SHAPE: Shape = {
  'pause?': { 0: MS, 1: MS },
  'ping?': MS,
  'silence?': MS,
  'renew?': MS,
  'linger?': MS,
  'open?': MS,
  'connect?': MS,
  'answer?': MS,
} satisfies Record<`${keyof Timing}?`, Shape>;

// Each kind of mark has a shape of its own, so that it can be told without colour.

/** How it is drawn, around 0,0 in a square of 16, and what the legend calls it. */
export interface Shape {
  readonly path: string;
  /** Whether the path is filled, or drawn as a line. */
  readonly fill: boolean;
  readonly tone: 'plain' | 'good' | 'bad' | 'warn';
  readonly legend: string;
}

const RING = 'M6.5 0A6.5 6.5 0 1 1-6.5 0 6.5 6.5 0 0 1 6.5 0Z';
const SQUARE = 'M-6-6H6V6H-6Z';

/** Every shape, in the order of the legend. */
export const SHAPES = {
  asked: { path: 'M-4-7V7M-4-7 6-3.5-4 0', fill: false, tone: 'plain', legend: 'somebody asks for a ring' },
  pending: { path: RING, fill: false, tone: 'plain', legend: 'push sent, no answer yet' },
  taken: { path: 'M0-7 7 6H-7Z', fill: true, tone: 'good', legend: 'push taken by the service' },
  retry: {
    path: 'M5-4A6.5 6.5 0 1 0 6.5 1M6.5-7V-3H2.5',
    fill: false,
    tone: 'warn',
    legend: 'push failed, tried again',
  },
  failed: { path: 'M-6-6 6 6M6-6-6 6', fill: false, tone: 'bad', legend: 'push failed' },
  skipped: { path: `${RING}M-4.5 4.5 4.5-4.5`, fill: false, tone: 'warn', legend: 'not pushed' },
  told: { path: SQUARE, fill: true, tone: 'good', legend: 'told over a socket' },
  gone: { path: SQUARE, fill: false, tone: 'warn', legend: 'socket was gone' },
  connected: { path: 'M0-7 7 0 0 7-7 0Z', fill: false, tone: 'plain', legend: 'app connects' },
  rings: {
    path: 'M0-7A4.5 4.5 0 0 0-4.5-2.5V1L-7 4H7L4.5 1V-2.5A4.5 4.5 0 0 0 0-7ZM-2 5A2 2 0 0 0 2 5Z',
    fill: true,
    tone: 'good',
    legend: 'phone says that it rings',
  },
  answered: { path: `${RING}M-3.5 0-1 3 4-3`, fill: false, tone: 'good', legend: 'answered' },
  declined: { path: `${RING}M-3.5 0H3.5`, fill: false, tone: 'plain', legend: 'declined' },
  missed: { path: 'M-5-7H5L-5 7H5Z', fill: false, tone: 'warn', legend: 'missed: the ring is over' },
  unreachable: { path: 'M0-7 8 7H-8ZM0-2V2M0 4V5', fill: false, tone: 'bad', legend: 'unreachable' },
  stopped: { path: 'M-3-7H3L7-3V3L3 7H-3L-7 3V-3Z', fill: true, tone: 'plain', legend: 'told to stop ringing' },
  removed: { path: `${SQUARE}M-6-6 6 6M6-6-6 6`, fill: false, tone: 'bad', legend: 'device removed' },
  ended: { path: 'M0-7V7M-3-7H3M-3 7H3', fill: false, tone: 'plain', legend: 'call ended' },
  other: {
    path: 'M2.5 0A2.5 2.5 0 1 1-2.5 0 2.5 2.5 0 0 1 2.5 0Z',
    fill: true,
    tone: 'plain',
    legend: 'something else',
  },
} as const satisfies Readonly<Record<string, Shape>>;

/** What a mark in the picture of a trace stands for. */
export type MarkKind = keyof typeof SHAPES;

import { epochMs } from '#domain/time.ts';
import type { Push } from '#ports/push-sender.ts';
import { MAX_ALERT_BYTES } from './alert-text.ts';
import { type PushFormat, pushFormat, pushJson, pushKeys } from './format.ts';

/** The longest wake token: with the longest ids, and a handset whose id takes three bytes a character. */
export const MAX_WAKE_TOKEN = 1210;

const MAX_NAME = 128;
const MAX_IMAGE = 512;

/** The longest text of an alert, and what else iOS reads of a push: the longest thread, a sound, a category. */
const APS_BYTES = MAX_ALERT_BYTES + 282;

/** RFC 8291: a message of 4096 bytes has a header, an authentication tag and a delimiter. */
const ENCRYPTION_BYTES = 103;

interface Carrier {
  readonly name: string;
  /** What it leaves for the keys of a push. */
  readonly bytes: number;
  readonly kinds: readonly Push['kind'][];
  readonly isJson: boolean;
  /** Whether it carries the caller's picture. */
  readonly hasImage: boolean;
}

/** What carries pushes, and how large their keys may be. */
export const CARRIERS = {
  fcm: { name: 'FCM', bytes: 4096, kinds: ['ring', 'stop', 'missed'], isJson: false, hasImage: true },
  voip: { name: 'a VoIP push', bytes: 5120 - '{"aps":{},}'.length, kinds: ['ring'], isJson: true, hasImage: true },
  missedAlert: { name: 'an alert', bytes: 4096 - APS_BYTES, kinds: ['missed'], isJson: true, hasImage: true },
  ringingAlert: {
    name: 'an alert that rings',
    bytes: 4096 - APS_BYTES,
    kinds: ['ring'],
    isJson: true,
    hasImage: false,
  },
  webPush: {
    name: 'Web Push',
    bytes: 4096 - ENCRYPTION_BYTES,
    kinds: ['ring', 'stop', 'missed'],
    isJson: true,
    hasImage: true,
  },
} as const satisfies Record<string, Carrier>;

/** A push with the longest ids, and with the name that takes most room: in JSON, a control character takes six bytes. */
function largestPush(kind: Push['kind'], { isJson, hasImage }: Carrier): Push {
  const about = {
    cid: `${'t'.repeat(64)}:${'c'.repeat(128)}`,
    ringId: 'r'.repeat(128),
    caller: {
      id: 'a'.repeat(128),
      name: (isJson ? '\u0001' : '€').repeat(MAX_NAME),
      ...(hasImage && { image: 'i'.repeat(MAX_IMAGE) }),
    },
    video: false,
    sentAt: epochMs(1_000_000_000_000),
    expiresAt: epochMs(9_999_999_999_999),
  };
  switch (kind) {
    case 'ring':
      return { ...about, kind, wakeToken: 'w'.repeat(MAX_WAKE_TOKEN) };
    case 'stop':
      return { ...about, kind, type: 'call.accepted', notify: true };
    case 'missed':
      return { ...about, kind };
  }
}

/** The most bytes that the keys of a push take in a format. */
function largestBytes(format: PushFormat, carrier: Carrier): number {
  const receiver = 'b'.repeat(128);
  const sizes = carrier.kinds.map((kind) => {
    const push = largestPush(kind, carrier);
    const text = carrier.isJson
      ? JSON.stringify(pushJson(format, push, receiver))
      : Object.entries(pushKeys(format, push, receiver))
          .flat()
          .join('');
    return Buffer.byteLength(text);
  });
  return Math.max(...sizes);
}

/** What is wrong with a format whose largest push a carrier does not take. */
export function tooLarge(format: PushFormat, carrier: keyof typeof CARRIERS): string | undefined {
  const { name, bytes } = CARRIERS[carrier];
  const largest = largestBytes(format, CARRIERS[carrier]);
  if (largest <= bytes) return undefined;
  return `takes up to ${largest} bytes with the longest names and ids; ${name} leaves ${bytes} for the keys`;
}

/** The payload format of a provider, all of whose pushes these carriers take. */
export const formatFor = (...carriers: readonly (keyof typeof CARRIERS)[]) =>
  pushFormat
    .superRefine((format, context) => {
      for (const message of carriers.flatMap((carrier) => tooLarge(format, carrier) ?? []))
        context.addIssue({ code: 'custom', message });
    })
    .default('carillon');

import { isObject } from '../../json.ts';
import { invalid, type Refusal } from './errors.ts';

const TARGETS = ['token', 'fid', 'topic', 'condition'] as const;
/** @see https://firebase.google.com/docs/reference/fcm/rest/v1/projects.messages#AndroidConfig */
const MAX_TTL_S = 2_419_200;
/** Bytes of keys and values. @see https://firebase.google.com/docs/cloud-messaging/error-codes */
const MAX_BYTES = 4096;
const MAX_TOPIC_BYTES = 2048;

type Json = Readonly<Record<string, unknown>>;

/** The first rule of FCM that a well-formed message breaks. */
export const messageRefusal = (message: Json): Refusal | undefined =>
  targetRefusal(message) ?? dataRefusal(message) ?? ttlRefusal(message) ?? sizeRefusal(message);

function targetRefusal(message: Json): Refusal | undefined {
  const [target, ...others] = TARGETS.filter((name) => message[name] !== undefined);
  if (target === undefined || others.length > 0) {
    return invalid('one-target', 'message', 'Exactly one of token, fid, topic or condition must be given.');
  }
  const value = message[target];
  const allowed = target === 'topic' ? /^(\/topics\/)?[a-zA-Z0-9-_.~%]+$/ : /\S/;
  if (typeof value === 'string' && allowed.test(value)) return undefined;
  return invalid('target-format', `message.${target}`, `The ${target} is not a valid one.`);
}

function dataRefusal(message: Json): Refusal | undefined {
  for (const [path, data] of dataOf(message)) {
    const key = Object.keys(data).find(isReserved);
    if (key !== undefined) return invalid('reserved-key', `${path}.${key}`, `Invalid data payload key: ${key}`);
  }
  return undefined;
}

const isReserved = (key: string): boolean =>
  key === '' || key === 'from' || key === 'message_type' || key === 'gcm' || /^(google|gcm\.notification\.)/.test(key);

function ttlRefusal(message: Json): Refusal | undefined {
  const ttl = field(message, 'android')['ttl'];
  if (typeof ttl !== 'string') return undefined;
  const seconds = Number.parseFloat(ttl);
  if (seconds >= 0 && seconds <= MAX_TTL_S) return undefined;
  return invalid('ttl-range', 'message.android.ttl', `The ttl must be between 0 and ${MAX_TTL_S} seconds.`);
}

function sizeRefusal(message: Json): Refusal | undefined {
  const limit = message['topic'] === undefined ? MAX_BYTES : MAX_TOPIC_BYTES;
  // A platform's own data replaces the message's data, so each is measured separately.
  const largest = Math.max(0, ...dataOf(message).map(([, data]) => byteLength(data)));
  const bytes = largest + byteLength(field(message, 'notification'));
  return bytes > limit
    ? invalid('message-size', 'message', `Message is too big: ${bytes} bytes of keys and values, ${limit} allowed.`)
    : undefined;
}

const dataOf = (message: Json): [path: string, data: Json][] => [
  ['message.data', field(message, 'data')],
  ['message.android.data', field(field(message, 'android'), 'data')],
  ['message.webpush.data', field(field(message, 'webpush'), 'data')],
];

function field(parent: Json, name: string): Json {
  const value = parent[name];
  return isObject(value) ? value : {};
}

const byteLength = (entries: Json): number =>
  Object.entries(entries).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(String(value)),
    0,
  );

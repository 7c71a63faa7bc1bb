import { isObject } from '../../json.ts';
import type { PushRequest } from '../push-request.ts';
import type { Refusal } from './reasons.ts';

/** The ending of the topic for each push type. @see https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns */
const topicEndings: Readonly<Record<string, string>> = {
  alert: '',
  background: '',
  controls: '.push-type.controls',
  widgets: '.push-type.widgets',
  complication: '.complication',
  fileprovider: '.pushkit.fileprovider',
  liveactivity: '.push-type.liveactivity',
  location: '.location-query',
  pushtotalk: '.voip-ptt',
  voip: '.voip',
};
const MAX_COLLAPSE_ID_BYTES = 64;
const MAX_BYTES = 4096;
const MAX_VOIP_BYTES = 5120;

/** The decoded device token in the path; undefined if the path is another one. */
export function deviceTokenOf(path: string): string | undefined {
  const segment = /^\/3\/device\/([^/]+)$/.exec(path)?.[1];
  try {
    return segment && decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

/** What is wrong with the address of a request. */
export function addressRefusal({ method, path }: PushRequest): Refusal | undefined {
  if (method !== 'POST') return { reason: 'MethodNotAllowed', detail: method };
  if (/^\/3\/device\/?$/.test(path)) return { reason: 'MissingDeviceToken', detail: path };
  return deviceTokenOf(path) === undefined ? { reason: 'BadPath', detail: path } : undefined;
}

/** The first rule that the headers of a request break. */
export function headerRefusal({ headers, headerNames }: PushRequest, bundleId: string): Refusal | undefined {
  const repeated = headerNames.find((name, index) => headerNames.indexOf(name) !== index);
  if (repeated !== undefined) return { reason: 'DuplicateHeaders', detail: repeated };
  return topicRefusal(headers, bundleId) ?? valueRefusal(headers);
}

function topicRefusal(headers: PushRequest['headers'], bundleId: string): Refusal | undefined {
  const topic = headers['apns-topic'];
  const pushType = headers['apns-push-type'];
  if (!topic) return { reason: 'MissingTopic', detail: 'no apns-topic' };
  if (topic !== bundleId && !topic.startsWith(`${bundleId}.`)) return { reason: 'TopicDisallowed', detail: topic };
  // Only watchOS requires the header, so a request without it passes.
  if (pushType === undefined) return undefined;
  const ending = Object.hasOwn(topicEndings, pushType) ? topicEndings[pushType] : undefined;
  if (ending === undefined) return { reason: 'InvalidPushType', detail: pushType };
  return topic === bundleId + ending ? undefined : { reason: 'BadTopic', detail: `${topic} for push type ${pushType}` };
}

function valueRefusal(headers: PushRequest['headers']): Refusal | undefined {
  const id = headers['apns-id'];
  const expiration = headers['apns-expiration'];
  const priority = headers['apns-priority'] ?? '10';
  const collapseId = headers['apns-collapse-id'] ?? '';
  if (id !== undefined && !/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(id))
    return { reason: 'BadMessageId', detail: id };
  if (expiration !== undefined && !/^\d{1,10}$/.test(expiration)) {
    return { reason: 'BadExpirationDate', detail: `${expiration} is no time in seconds` };
  }
  if (!['1', '5', '10'].includes(priority)) return { reason: 'BadPriority', detail: priority };
  if (headers['apns-push-type'] === 'background' && priority !== '5') {
    return { reason: 'BadPriority', detail: `a background push with priority ${priority}` };
  }
  const collapseBytes = Buffer.byteLength(collapseId, 'latin1');
  return collapseBytes > MAX_COLLAPSE_ID_BYTES
    ? { reason: 'BadCollapseId', detail: `${collapseBytes} bytes` }
    : undefined;
}

/** What is wrong with the payload of a request. */
export function payloadRefusal({ headers, body }: PushRequest, payload: unknown): Refusal | undefined {
  const limit = isVoip(headers) ? MAX_VOIP_BYTES : MAX_BYTES;
  const bytes = Buffer.byteLength(body);
  if (bytes > limit) return { reason: 'PayloadTooLarge', detail: `${bytes} bytes, ${limit} allowed` };
  if (bytes === 0) return { reason: 'PayloadEmpty', detail: 'no body' };
  // Apple documents no reason for a payload that is not a JSON object. This is the closest one.
  return isObject(payload) ? undefined : { reason: 'PayloadEmpty', detail: 'the body is not a JSON object' };
}

/** True for a push to PushKit, according to its type or, without one, to its topic. */
export const isVoip = (headers: PushRequest['headers']): boolean =>
  headers['apns-push-type'] === 'voip' ||
  (headers['apns-push-type'] === undefined && !!headers['apns-topic']?.endsWith('.voip'));

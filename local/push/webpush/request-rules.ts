import type { PushRequest } from '../push-request.ts';
import type { Refusal } from './errors.ts';

/** The longest message that every push service takes. @see https://www.rfc-editor.org/rfc/rfc8030#section-7.2 */
const MAX_BYTES = 4096;

const URGENCIES = ['very-low', 'low', 'normal', 'high'];

/** The first rule that a request breaks, whoever sent it. */
export function requestRefusal({ method, headers, bytes }: PushRequest): Refusal | undefined {
  const { ttl, urgency = 'normal', topic = '', 'content-encoding': encoding } = headers;
  if (method !== 'POST') return { status: 405, rule: 'method', detail: method };
  if (ttl === undefined || !/^\d+$/.test(ttl)) return { status: 400, rule: 'ttl', detail: `TTL is ${ttl}` };
  if (!URGENCIES.includes(urgency)) return { status: 400, rule: 'urgency', detail: `Urgency is ${urgency}` };
  if (!/^[A-Za-z0-9_-]{0,32}$/.test(topic)) return { status: 400, rule: 'topic', detail: `Topic is ${topic}` };
  if (bytes.length > MAX_BYTES) return { status: 413, rule: 'size', detail: `${bytes.length} bytes` };
  return encoding === 'aes128gcm' ? undefined : { status: 400, rule: 'encoding', detail: `encoded as ${encoding}` };
}

import { SECOND_MS } from '#domain/time.ts';
import type { Push } from '#ports/push-sender.ts';
import { nativePush } from './native/payload.ts';

/**
 * The keys of every push, each with a text in which `{name}` stands for a value. A key is left out of a push that has no
 * such value. `{name:number}` and `{name:boolean}` are not texts where the push is JSON.
 */
export type PushTemplate = Readonly<Record<string, string>>;

/** A payload format. */
export interface PayloadFormat {
  readonly keys: PushTemplate;
  /** What an alert that rings says, in place of the usual words; `{caller}` is the caller's name. */
  readonly alert?: { readonly title: string; readonly body: string; readonly category: string };
}

/** What a placeholder may stand for: a key of Carillon's own format, or one of the last four. */
export const VALUES = [
  'sender',
  'version',
  'type',
  'call_cid',
  'call_id',
  'call_type',
  'call_uuid',
  'ring_id',
  'receiver_id',
  'video',
  'sent_at',
  'expires_at',
  'reason',
  'notify',
  'wake_token',
  'caller_id',
  'caller_name',
  'caller_image',
  'timeout_ms',
] as const;

type Values = Readonly<Partial<Record<string, string>>>;

/** What is known of a push. `timeout_ms` is how long it rings. */
function valuesOf(push: Push, receiverId: string): Values {
  const keys = nativePush(push, receiverId);
  return {
    ...keys,
    caller_id: keys.created_by_id,
    caller_name: keys.created_by_name,
    ...(keys.created_by_image !== undefined && { caller_image: keys.created_by_image }),
    ...(push.kind === 'ring' && { timeout_ms: String(Math.max(SECOND_MS, push.expiresAt - push.sentAt)) }),
  };
}

const PLACEHOLDER = /\{(\w+)(?::(number|boolean))?\}/g;
const TYPED = /^\{(\w+):(number|boolean)\}$/;

/** The placeholders in a text. */
export const placeholdersIn = (text: string): string[] => [...text.matchAll(PLACEHOLDER)].map(([, name = '']) => name);

/** The keys of a push by a template; `receiverId` is the user whom it is for. */
export function filled(
  template: PushTemplate,
  push: Push,
  receiverId: string,
): Record<string, string | number | boolean> {
  const values = valuesOf(push, receiverId);
  return Object.fromEntries(
    Object.entries(template).flatMap(([key, text]) =>
      placeholdersIn(text).some((name) => values[name] === undefined) ? [] : [[key, madeOf(text, values)]],
    ),
  );
}

function madeOf(text: string, values: Values): string | number | boolean {
  const [, typed, type] = TYPED.exec(text) ?? [];
  if (typed === undefined) return text.replaceAll(PLACEHOLDER, (_, name: string) => values[name] ?? '');
  const value = values[typed] ?? '';
  const isTrue = value === 'true';
  if (type === 'boolean') return isTrue;
  return isTrue || value === 'false' ? Number(isTrue) : Number(value);
}

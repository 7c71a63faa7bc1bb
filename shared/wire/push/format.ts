import * as z from 'zod';
import type { Push } from '#ports/push-sender.ts';
import { FLUTTER_CALLKIT_INCOMING } from './formats/flutter-callkit-incoming.ts';
import { REACT_NATIVE_CALLKEEP } from './formats/react-native-callkeep.ts';
import { STREAM } from './formats/stream.ts';
import { nativePush } from './native/payload.ts';
import { filled, type PayloadFormat, type PushTemplate, placeholdersIn, VALUES } from './template.ts';

/** The names of all formats, as the secret `push-providers` has them. */
export const FORMAT_NAMES = ['carillon', 'stream', 'flutter_callkit_incoming', 'react-native-callkeep'] as const;
type FormatName = (typeof FORMAT_NAMES)[number];

/** The payload formats besides Carillon's own. */
export const FORMATS = {
  stream: STREAM,
  flutter_callkit_incoming: FLUTTER_CALLKIT_INCOMING,
  'react-native-callkeep': REACT_NATIVE_CALLKEEP,
} as const satisfies Record<Exclude<FormatName, 'carillon'>, PayloadFormat>;

/** A payload format: its name, or the app's own keys. */
export type PushFormat = FormatName | PushTemplate;

/** The keys that FCM and iOS keep for themselves. */
const RESERVED = /^(from|message_type|notification|collapse_key|aps|google.*|gcm.*)$/;

/** The app's own keys, by templates. */
const ownKeys = z.record(z.string().min(1), z.string().min(1)).superRefine((template, context) => {
  const refuse = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
  for (const [key, text] of Object.entries(template)) {
    if (RESERVED.test(key)) refuse([key], 'is a key that push services keep for themselves');
    const unknown = placeholdersIn(text).find((name) => !VALUES.some((known) => known === name));
    if (unknown !== undefined) refuse([key], `there is no {${unknown}}: choose of ${VALUES.join(', ')}`);
  }
  for (const needed of ['type', 'ring_id']) {
    if (!Object.values(template).some((text) => placeholdersIn(text).includes(needed)))
      refuse([], `has no {${needed}}, without which an app cannot tell which ring begins and which is over`);
  }
});

/** The name of a payload format, or keys of the app's own. */
export const pushFormat = z.unknown().transform((given, context): PushFormat => {
  const { data, error } = (typeof given === 'string' ? z.enum(FORMAT_NAMES) : ownKeys).safeParse(given);
  if (data !== undefined) return data;
  for (const { path, message } of error?.issues ?? []) context.addIssue({ code: 'custom', path: [...path], message });
  return z.NEVER;
});

/** The format of that name, or with these keys; nothing for Carillon's own. */
export function payloadFormat(format: PushFormat = 'carillon'): PayloadFormat | undefined {
  if (typeof format !== 'string') return { keys: format };
  return format === 'carillon' ? undefined : FORMATS[format];
}

/** The keys of a push where it is JSON, in a provider's payload format; `receiverId` is the user whom it is for. */
export function pushJson(
  format: PushFormat | undefined,
  push: Push,
  receiverId: string,
): Readonly<Record<string, string | number | boolean>> {
  const other = payloadFormat(format);
  return other ? filled(other.keys, push, receiverId) : nativePush(push, receiverId);
}

/** The same where every value is a text. */
export const pushKeys = (
  format: PushFormat | undefined,
  push: Push,
  receiverId: string,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(pushJson(format, push, receiverId)).map(([key, value]) => [key, String(value)]));

import { isObject } from '../../json.ts';
import { type Refusal, unreadable } from './errors.ts';

/** The expected JSON of a field. */
type Shape = keyof typeof scalars | 'strings' | Fields;
type Fields = { readonly [field: string]: Shape };

const scalars = {
  string: { type: 'TYPE_STRING', reads: (value: unknown) => typeof value === 'string' },
  boolean: { type: 'TYPE_BOOL', reads: (value: unknown) => typeof value === 'boolean' },
  /** Any object. Its content is not checked. */
  struct: { type: 'type.googleapis.com/google.protobuf.Struct', reads: isObject },
  /** Seconds with at most nine decimals, such as "45s" or "3.5s". */
  duration: {
    type: 'type.googleapis.com/google.protobuf.Duration',
    reads: (value: unknown) => typeof value === 'string' && /^-?\d+(\.\d{1,9})?s$/.test(value),
  },
  priority: {
    type: 'type.googleapis.com/google.firebase.fcm.v1.AndroidMessagePriority',
    reads: (value: unknown) => typeof value === 'string' && /^(normal|high)$/i.test(value),
  },
};

const labelled: Shape = { analytics_label: 'string' };

/** The fields of the request body, by their documented names. */
const requestShape: Fields = {
  validate_only: 'boolean',
  message: {
    name: 'string',
    token: 'string',
    fid: 'string',
    topic: 'string',
    condition: 'string',
    data: 'strings',
    notification: { title: 'string', body: 'string', image: 'string' },
    fcm_options: labelled,
    android: {
      collapse_key: 'string',
      priority: 'priority',
      ttl: 'duration',
      restricted_package_name: 'string',
      data: 'strings',
      notification: 'struct',
      fcm_options: labelled,
      direct_boot_ok: 'boolean',
      bandwidth_constrained_ok: 'boolean',
      restricted_satellite_ok: 'boolean',
    },
    webpush: {
      headers: 'strings',
      data: 'strings',
      notification: 'struct',
      fcm_options: { link: 'string', analytics_label: 'string' },
    },
    apns: {
      headers: 'strings',
      payload: 'struct',
      fcm_options: { analytics_label: 'string', image: 'string' },
      live_activity_token: 'string',
    },
  },
};

/** The first field of a request that is unknown or of the wrong type. */
export const shapeRefusal = (body: unknown): Refusal | undefined => check(body, requestShape, '');

function check(value: unknown, shape: Shape, path: string): Refusal | undefined {
  if (shape === 'strings') return checkStrings(value, path);
  if (typeof shape === 'object') return checkMessage(value, shape, path);
  const { type, reads } = scalars[shape];
  return reads(value) ? undefined : wrongType(path, type, value);
}

function checkMessage(value: unknown, fields: Fields, path: string): Refusal | undefined {
  if (!isObject(value)) return wrongType(path || 'body', 'TYPE_MESSAGE', value);
  for (const [name, content] of Object.entries(value)) {
    const refusal = checkField(name, content, fields, path);
    if (refusal) return refusal;
  }
  return undefined;
}

function checkField(name: string, content: unknown, fields: Fields, path: string): Refusal | undefined {
  // Protobuf's JSON may write `directBootOk` for `direct_boot_ok`.
  const documented = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const shape = Object.hasOwn(fields, documented) ? fields[documented] : undefined;
  if (shape === undefined) return unknownField(name, path);
  return check(content, shape, path === '' ? name : `${path}.${name}`);
}

const unknownField = (name: string, path: string): Refusal =>
  unreadable(
    path,
    `Invalid JSON payload received. Unknown name "${name}"${path && ` at '${path}'`}: Cannot find field.`,
  );

function checkStrings(value: unknown, path: string): Refusal | undefined {
  if (!isObject(value)) return wrongType(path, 'TYPE_MESSAGE', value);
  const index = Object.values(value).findIndex((entry) => typeof entry !== 'string');
  return index < 0 ? undefined : wrongType(`${path}[${index}].value`, 'TYPE_STRING', Object.values(value)[index]);
}

const wrongType = (path: string, type: string, value: unknown): Refusal =>
  unreadable(path, `Invalid value at '${path}' (${type}), ${JSON.stringify(value)}`);

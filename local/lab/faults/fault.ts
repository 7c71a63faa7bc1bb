import { z } from 'zod';
import type { PushProvider } from '../../push/push-log.ts';

/** Where a fault can happen: at a push service, or at the endpoint for FCM's access tokens. */
export type Service = PushProvider | 'oauth';

const scope = {
  /** `apn` means both environments unless `environment` names one. */
  provider: z.enum(['apn', 'fcm', 'webpush', 'oauth']),
  environment: z.enum(['production', 'sandbox']).optional(),
  /** How often it happens. Absent: once, or without limit if `for_ms` or `probability` is given. */
  count: z.int().min(1).optional(),
  for_ms: z.number().min(0).optional(),
  /** How many requests or connections are spared first. */
  after: z.int().min(0).default(0),
  probability: z.number().min(0).max(1).default(1),
  seed: z.int().default(1),
};

const onRequest = z.enum(['request']).default('request');
const onAnything = z.enum(['request', 'open', 'new']).default('request');
const onRequestOrOpen = z.enum(['request', 'open']).default('request');

const faultSchema = z
  .discriminatedUnion('fault', [
    z.strictObject({
      ...scope,
      fault: z.literal('answer'),
      status: z.int().min(400).max(599),
      reason: z.string().optional(),
      retry_after: z.number().min(0).optional(),
      on: onRequest,
    }),
    z.strictObject({ ...scope, fault: z.literal('slow'), delay_ms: z.number().min(0).max(600_000), on: onRequest }),
    /** `delivered`: the push was accepted and only its answer is lost. */
    z.strictObject({ ...scope, fault: z.literal('no_answer'), delivered: z.boolean().default(true), on: onRequest }),
    z.strictObject({ ...scope, fault: z.literal('refuse_stream'), on: onRequest }),
    z.strictObject({
      ...scope,
      fault: z.literal('goaway'),
      reason: z.string().default('Shutdown'),
      /** An HTTP/2 error code. */
      code: z.int().min(0).max(13).default(0),
      /** False: according to the last stream id, the request was never received. */
      processed: z.boolean().default(true),
      on: onRequestOrOpen,
    }),
    z.strictObject({ ...scope, fault: z.literal('close'), on: onRequestOrOpen }),
    z.strictObject({ ...scope, fault: z.literal('reset'), on: onAnything }),
    z.strictObject({ ...scope, fault: z.literal('silence'), on: onAnything }),
    /** All connections are cut, new ones included. */
    z.strictObject({
      ...scope,
      fault: z.literal('down'),
      for_ms: z.number().min(0),
      on: z.literal('new').default('new'),
    }),
    /** From now on an idle connection is ended with GOAWAY after this long. */
    z.strictObject({
      ...scope,
      fault: z.literal('idle_close'),
      idle_ms: z.number().positive(),
      on: z.literal('open').default('open'),
    }),
  ])
  .refine(({ provider, on }) => provider !== 'oauth' || on === 'request', 'oauth has faults of requests alone');

/** Something that goes wrong at a push service, with when and how often. */
export type Fault = z.output<typeof faultSchema>;

/** A fault of one kind. */
export type FaultOf<Kind extends Fault['fault']> = Extract<Fault, { fault: Kind }>;

/** Parses a fault, or throws an Error that names the path of an invalid field. */
export function parseFault(request: unknown): Fault {
  const parsed = faultSchema.safeParse(request);
  if (parsed.success) return parsed.data;
  throw new Error(parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
}

/** The services at which a fault happens. */
export function servicesOf({ provider, environment }: Fault): readonly Service[] {
  if (provider !== 'apn') return [provider];
  if (environment === undefined) return ['apns', 'apns-sandbox'];
  return environment === 'sandbox' ? ['apns-sandbox'] : ['apns'];
}

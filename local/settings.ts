import { z } from 'zod';
import { mediaProviders } from './media-providers.ts';
import { refusedWebhooks } from './webhooks.ts';

const optional = z
  .string()
  .optional()
  .transform((text) => text || undefined);

const endpoint = optional.pipe(z.url().optional());

/** A setting that is a number above 0, as plain decimal digits. */
const amountOr = (value: number) =>
  optional
    .transform((text) => text ?? String(value))
    .pipe(
      z
        .string()
        .regex(/^\d{1,9}(?:\.\d{1,9})?$/, 'must be a number')
        .transform(Number)
        .pipe(z.number().positive('must be more than 0')),
    );

const PORTS = 'must be a port: 0 to 65535, where 0 is any free one';
const port = optional
  .transform((text) => text ?? '8181')
  .pipe(
    z
      .string()
      .regex(/^\d{1,5}$/, PORTS)
      .transform(Number)
      .pipe(z.number().max(65_535, PORTS)),
  );

/** A setting that is JSON. */
const json = <S extends z.ZodType>(schema: S) =>
  optional
    .transform((text, context) => {
      if (text === undefined) return undefined;
      try {
        const parsed: unknown = JSON.parse(text);
        return parsed;
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema.optional());

const address = z
  .url()
  .regex(
    /^(?:https:\/\/|http:\/\/(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?(?:\/|$))/,
    'must be an https address, or one of this machine',
  );

/** An identity provider, as the stage setting `issuers` has it. */
const issuer = z.strictObject({
  issuer: address,
  audience: z.array(z.string().min(1)).min(1),
  jwks_uri: address.optional(),
  algorithms: z
    .array(z.enum(['RS256', 'ES256', 'EdDSA']))
    .min(1)
    .optional(),
  user_claim: z.string().min(1).optional(),
  name_claim: z.string().min(1).optional(),
  image_claim: z.string().min(1).optional(),
  server: z.strictObject({ claim: z.string().min(1), value: z.string().min(1) }).optional(),
});

const rings = z.number().int().min(1);

/** Settings of the stage, by their names in `CARILLON_SETTINGS`. */
const stageSettings = z
  .strictObject({
    ring_rate: z.union([
      z.literal('off'),
      z.strictObject({ minute: rings.default(10), hour: rings.default(100), pair: rings.default(5) }),
    ]),
    who_may_ring: z.enum(['anyone', 'server']),
    open_mint: z.boolean(),
    busy: z.enum(['reject', 'ring']),
    /** Days. */
    retention: z.number().int().min(1).max(3650),
    /** Seconds, like those below. */
    max_duration: z.number().int().min(1).max(86_400),
    vanish_grace: z.number().int().min(1).max(900),
    answer_grace: z.number().int().min(0).max(900),
    turn_ttl: z.number().int().min(1).max(86_400),
    /** A table that exists, instead of the template's. Its streams are not read. */
    restored_table: z.string(),
    issuers: z.array(issuer),
    /** Whether the app's backend is told of calls; the template has what that takes only then. */
    events: z.boolean(),
  })
  .partial()
  .refine(({ restored_table: table, events }) => table === undefined || events === false, {
    path: ['restored_table'],
    message: 'needs "events": false',
  });

/** The variable of the functions that each of them replaces. */
const VARIABLES: Readonly<Record<Exclude<keyof z.output<typeof stageSettings>, 'issuers' | 'events'>, string>> = {
  ring_rate: 'RING_RATE',
  who_may_ring: 'WHO_MAY_RING',
  open_mint: 'OPEN_MINT',
  busy: 'BUSY',
  retention: 'RETENTION_DAYS',
  max_duration: 'MAX_DURATION_S',
  vanish_grace: 'VANISH_GRACE_S',
  answer_grace: 'ANSWER_GRACE_S',
  turn_ttl: 'TURN_TTL_S',
  restored_table: 'TABLE_NAME',
};

/** What differs here unless the settings say otherwise: anybody gets a token, and rings as often as they like. */
const HERE = { ring_rate: 'off', open_mint: true } as const;

/** The ring hook, as its secret has it. */
const ringHook = z.strictObject({
  url: z.url({ protocol: /^https$/, error: 'must be an https address' }),
  secret: z.string().min(1),
  fail: z.enum(['open', 'closed']).default('open'),
});

const schema = z.object({
  PORT: port,
  CARILLON_STAGE: optional,
  CARILLON_DATA: optional,
  CARILLON_LOG: z.enum(['text', 'json']).default('text'),
  CARILLON_SETTINGS: json(stageSettings),
  CARILLON_RING_HOOK: json(ringHook),
  CARILLON_WEBHOOKS: json(z.array(z.unknown())),
  CARILLON_METER: z.stringbool().default(false),
  CARILLON_IAM: z.stringbool().default(false),
  CARILLON_PROFILE: optional.pipe(z.enum(['aws']).optional()),
  CARILLON_MEMORY_MB: optional
    .transform((text) => (text === undefined ? undefined : Number(text)))
    .pipe(z.int('must be a number of megabytes').min(128).max(10_240).optional()),
  CARILLON_FCM_ENDPOINT: endpoint,
  CARILLON_APNS_ENDPOINT: endpoint,
  CARILLON_APNS_SANDBOX_ENDPOINT: endpoint,
  CARILLON_MEDIA_PROVIDERS: json(mediaProviders),
  CARILLON_WS_IDLE_S: amountOr(600),
  CARILLON_WS_LIFE_S: amountOr(7200),
  CARILLON_ISSUERS: json(z.array(issuer)),
  CARILLON_EDGE_IDLE_S: amountOr(600),
  NODE_EXTRA_CA_CERTS: optional,
  AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  AWS_REGION: z.string().default('us-east-1'),
  AWS_ACCESS_KEY_ID: optional,
  AWS_SECRET_ACCESS_KEY: optional,
  AWS_SESSION_TOKEN: optional,
});

/** The settings of this run of the local stack, from its environment. */
export interface Settings {
  readonly port: number;
  readonly stage: string;
  readonly region: string;
  /** `json`: what the functions log is printed as it is. `text`: as lines for people. */
  readonly logFormat: 'text' | 'json';
  /** Keeps the table and the generated secrets between runs. Without it both are forgotten. */
  readonly dataDirectory: string | undefined;
  /** A DynamoDB of the user's own, used instead of the embedded engine. */
  readonly dynamodbEndpoint: string | undefined;
  /** Whether a proxy in front of the table counts the requests to it. */
  readonly metersTable: boolean;
  /** Whether it refuses what the role of a function does not allow. Other services do so in any case. */
  readonly guardsTable: boolean;
  /** Whether services answer as late as AWS's, and each function has the processor share of its memory: the profile `aws`. */
  readonly likeAws: boolean;
  /** The memory of all functions. @default what the template gives each of them */
  readonly memoryMb: number | undefined;
  readonly pushEndpoints: { readonly fcm?: string; readonly apns?: string; readonly apnsSandbox?: string };
  /** The identity providers that take the place of the built-in one. */
  readonly issuers: readonly object[] | undefined;
  readonly extraCaCerts: string | undefined;
  /** The backend that is asked before a ring. */
  readonly ringHook: object | undefined;
  /** Whether the app's backend is told of calls. */
  readonly events: boolean;
  /** Where it is told, as the secret `webhooks` has it. */
  readonly webhooks: readonly unknown[] | undefined;
  /** What is wrong with those of them that are never called. */
  readonly refusedWebhooks: readonly string[];
  /** What the functions have in the place of these variables of their template. */
  readonly stageVariables: Readonly<Record<string, string>>;
  /** The content of the secret `media-providers`. @default an Agora app of this stack alone */
  readonly mediaProviders: object | undefined;
  readonly webSocketIdleMs: number;
  readonly webSocketLifeMs: number;
  /** How long the origin of a WebSocket may send nothing before the distribution cuts it. */
  readonly edgeIdleMs: number;
  /** What the functions sign their requests with: the user's own credentials only if the DynamoDB is also their own. */
  readonly credentials: Readonly<Record<string, string>>;
}

/** Reads the settings, or throws an error that names the invalid variable. */
export function readSettings(env: Readonly<Record<string, string | undefined>>): Settings {
  const read = schema.safeParse(env);
  if (!read.success) {
    throw new Error(read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  }
  const of = read.data;
  for (const proxy of ['CARILLON_METER', 'CARILLON_IAM', 'CARILLON_PROFILE'] as const)
    if (of[proxy] && of.AWS_ENDPOINT_URL_DYNAMODB)
      throw new Error(`${proxy}: works only with the embedded DynamoDB, so AWS_ENDPOINT_URL_DYNAMODB must not be set`);
  const fcm = of.CARILLON_FCM_ENDPOINT;
  const apns = of.CARILLON_APNS_ENDPOINT;
  const apnsSandbox = of.CARILLON_APNS_SANDBOX_ENDPOINT ?? apns;
  return {
    port: of.PORT,
    stage: of.CARILLON_STAGE ?? 'dev',
    region: of.AWS_REGION,
    logFormat: of.CARILLON_LOG,
    dataDirectory: of.CARILLON_DATA,
    dynamodbEndpoint: of.AWS_ENDPOINT_URL_DYNAMODB,
    metersTable: of.CARILLON_METER,
    guardsTable: of.CARILLON_METER || of.CARILLON_IAM || of.CARILLON_PROFILE === 'aws',
    likeAws: of.CARILLON_PROFILE === 'aws',
    memoryMb: of.CARILLON_MEMORY_MB,
    pushEndpoints: { ...(fcm && { fcm }), ...(apns && { apns }), ...(apnsSandbox && { apnsSandbox }) },
    issuers: of.CARILLON_ISSUERS ?? of.CARILLON_SETTINGS?.issuers,
    extraCaCerts: of.NODE_EXTRA_CA_CERTS,
    ringHook: of.CARILLON_RING_HOOK,
    events: of.CARILLON_SETTINGS?.events ?? true,
    webhooks: of.CARILLON_WEBHOOKS,
    refusedWebhooks: refusedWebhooks(of.CARILLON_WEBHOOKS),
    stageVariables: stageVariables(of.CARILLON_SETTINGS),
    mediaProviders: of.CARILLON_MEDIA_PROVIDERS,
    webSocketIdleMs: of.CARILLON_WS_IDLE_S * 1000,
    webSocketLifeMs: of.CARILLON_WS_LIFE_S * 1000,
    edgeIdleMs: of.CARILLON_EDGE_IDLE_S * 1000,
    credentials: credentials(of),
  };
}

function credentials(of: z.output<typeof schema>): Record<string, string> {
  const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = of;
  if (!of.AWS_ENDPOINT_URL_DYNAMODB || !id || !secret) {
    return { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
  }
  return { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, ...(token && { AWS_SESSION_TOKEN: token }) };
}

function stageVariables(settings: z.output<typeof stageSettings> = {}): Record<string, string> {
  const chosen = new Map<string, unknown>(Object.entries({ ...HERE, ...settings }));
  return Object.fromEntries(
    Object.entries(VARIABLES).flatMap(([name, variable]) => {
      const value = chosen.get(name);
      if (value === undefined) return [];
      return [[variable, typeof value === 'object' ? JSON.stringify(value) : String(value)]];
    }),
  );
}

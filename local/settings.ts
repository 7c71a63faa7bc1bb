import { z } from 'zod';
import { mediaProviders } from './media-providers.ts';

const optional = z
  .string()
  .optional()
  .transform((text) => text || undefined);

const endpoint = optional.pipe(z.url().optional());

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

const schema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(8181),
  CARILLON_STAGE: optional,
  CARILLON_DATA: optional,
  CARILLON_LOG: z.enum(['text', 'json']).default('text'),
  CARILLON_METER: z.stringbool().default(false),
  CARILLON_FCM_ENDPOINT: endpoint,
  CARILLON_APNS_ENDPOINT: endpoint,
  CARILLON_APNS_SANDBOX_ENDPOINT: endpoint,
  CARILLON_MEDIA_PROVIDERS: json(mediaProviders),
  CARILLON_WS_IDLE_S: z.coerce.number().positive().default(600),
  CARILLON_WS_LIFE_S: z.coerce.number().positive().default(7200),
  CARILLON_ISSUERS: json(z.array(issuer)),
  CARILLON_EDGE_IDLE_S: z.coerce.number().positive().default(600),
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
  readonly pushEndpoints: { readonly fcm?: string; readonly apns?: string; readonly apnsSandbox?: string };
  /** The identity providers that take the place of the built-in one. */
  readonly issuers: readonly object[] | undefined;
  readonly extraCaCerts: string | undefined;
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
  if (of.CARILLON_METER && of.AWS_ENDPOINT_URL_DYNAMODB) {
    throw new Error(
      'CARILLON_METER: only the embedded DynamoDB can be metered, so AWS_ENDPOINT_URL_DYNAMODB must not be set',
    );
  }
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
    pushEndpoints: { ...(fcm && { fcm }), ...(apns && { apns }), ...(apnsSandbox && { apnsSandbox }) },
    issuers: of.CARILLON_ISSUERS,
    extraCaCerts: of.NODE_EXTRA_CA_CERTS,
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

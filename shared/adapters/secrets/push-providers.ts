import { createECDH, createPrivateKey } from 'node:crypto';
import * as z from 'zod';
import { alertText } from '#wire/push/alert-text.ts';
import { formatFor, tooLarge } from '#wire/push/largest.ts';

/** A private key of one type, in the form in which Google's console and Apple's portal export it. */
const privateKey = (type: 'rsa' | 'ec') =>
  z.string().refine((text) => text.includes('-----BEGIN PRIVATE KEY-----') && keyType(text) === type, {
    error: `is not ${type === 'rsa' ? 'an RSA' : 'an EC'} private key in PEM (PKCS #8)`,
  });

function keyType(text: string): string | undefined {
  try {
    return createPrivateKey(text).asymmetricKeyType;
  } catch {
    return undefined;
  }
}

/** Who sends the pushes of a provider: our own connections, or the service's usual library. */
const engine = z.enum(['carillon', 'library'], { error: 'must be "carillon" or "library"' }).default('carillon');

export type Engine = z.infer<typeof engine>;

const project = { project_id: z.string().min(1), engine, format: formatFor('fcm') };

/** A Firebase service account as the console exports it. The other fields of the file are ignored. */
const keyedFirebase = z.object({
  ...project,
  client_email: z.string().min(1),
  private_key_id: z.string().optional(),
  private_key: privateKey('rsa'),
});

const googleUrl = (host: RegExp, path: RegExp, example: string) =>
  z.string().refine((text) => {
    const url = URL.parse(text);
    return url?.protocol === 'https:' && url.port === '' && host.test(url.hostname) && path.test(url.pathname);
  }, `must be as ${example}`);

/**
 * A Firebase project without a key: Google trusts the role of the function. The credential is the file that `gcloud` writes;
 * what it says of EC2's metadata is ignored. The schema is made when it is asked for, so that nobody else pays for it.
 */
const keylessFirebase = () =>
  z.object({
    ...project,
    client_email: z.undefined({ error: BESIDE }).optional(),
    private_key: z.undefined({ error: BESIDE }).optional(),
    credential: z.object({
      type: z.literal('external_account', { error: 'must be "external_account"' }),
      audience: z
        .string()
        .regex(
          /^(https:)?\/\/iam\.googleapis\.com\/projects\/\d+\/locations\/global\/workloadIdentityPools\/[^/]+\/providers\/[^/]+$/,
          {
            error:
              'must be as //iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/pool/providers/aws',
          },
        ),
      subject_token_type: z.literal('urn:ietf:params:aws:token-type:aws4_request', {
        error: 'must be "urn:ietf:params:aws:token-type:aws4_request": the functions have AWS roles',
      }),
      token_url: googleUrl(
        /^sts\.([a-z0-9-]+\.)?(rep\.)?googleapis\.com$/,
        /^\/v1\/token$/,
        'https://sts.googleapis.com/v1/token',
      ),
      service_account_impersonation_url: googleUrl(
        /^iamcredentials\.([a-z0-9-]+\.)?(rep\.)?googleapis\.com$/,
        /^\/v1\/projects\/-\/serviceAccounts\/[^/:]+:generateAccessToken$/,
        'https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/push@my-app.iam.gserviceaccount.com:generateAccessToken',
      ).optional(),
      credential_source: z.object({
        environment_id: z.literal('aws1', { error: 'must be "aws1"' }),
        regional_cred_verification_url: z
          .string()
          .regex(
            /^https:\/\/sts\.(\{region\}|[a-z0-9-]+)\.amazonaws\.com\/?\?Action=GetCallerIdentity&Version=2011-06-15$/,
            {
              error: 'must be as https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15',
            },
          ),
      }),
    }),
  });

const BESIDE = 'must not stand beside credential';

const isKeyless = (settings: unknown): boolean =>
  settings instanceof Object && 'credential' in settings && settings.credential !== undefined;

/** An APNs key of Apple's developer portal (the text of the .p8 file) and the app it pushes to. */
const apnProvider = z
  .object({
    key: privateKey('ec'),
    key_id: z.string().length(10),
    team_id: z.string().length(10),
    engine,
    bundle_id: z
      .string()
      .min(1)
      .refine((id) => !id.endsWith('.voip'), { error: 'must be the bundle id of the app itself, without .voip' }),
    /** How its app rings: by PushKit, or by an alert that a notification service extension handles. */
    ios_ring: z.enum(['voip', 'alert']).default('voip'),
    format: formatFor('voip', 'missedAlert'),
    missed_call: alertText.optional(),
    missed_video_call: alertText.optional(),
    incoming_call: alertText.optional(),
    incoming_video_call: alertText.optional(),
  })
  .superRefine(({ ios_ring, format }, context) => {
    const message = ios_ring === 'alert' ? tooLarge(format, 'ringingAlert') : undefined;
    if (message !== undefined) context.addIssue({ code: 'custom', path: ['format'], message });
  });

/** The keys by which push services of browsers know this deployment (VAPID), as `npx web-push generate-vapid-keys` prints them. */
const webPushProvider = z
  .object({
    public_key: z.string(),
    private_key: z.string().refine((key) => publicKeyOf(key) !== undefined, {
      error: 'is not a P-256 private key of 32 bytes as base64url',
    }),
    subject: z.union([z.url({ protocol: /^https$/ }), z.string().regex(/^mailto:\S+@\S+$/)], {
      error: 'must be a mailto: or an https: address',
    }),
    format: formatFor('webPush'),
    engine: z.literal('carillon', { error: 'must be "carillon": browsers have no other' }).default('carillon'),
  })
  .refine((keys) => publicKeyOf(keys.private_key) === keys.public_key, {
    path: ['public_key'],
    error: 'is not the public key of private_key as base64url',
  });

function publicKeyOf(privateKey: string): string | undefined {
  const bytes = Buffer.from(privateKey, 'base64url');
  if (!/^[A-Za-z0-9_-]{43}$/.test(privateKey) || bytes.length !== 32) return undefined;
  const pair = createECDH('prime256v1');
  try {
    pair.setPrivateKey(bytes);
    return pair.getPublicKey('base64url');
  } catch {
    return undefined;
  }
}

export type FirebaseProvider = z.infer<typeof keyedFirebase> | z.infer<ReturnType<typeof keylessFirebase>>;
export type ApnProvider = z.infer<typeof apnProvider>;
export type WebPushProvider = z.infer<typeof webPushProvider>;

/** The secret `push-providers`: providers by kind and name. The name is `default` unless a device gives another one. */
const pushProviders = z.object({
  firebase: z.record(z.string(), z.unknown()).default({}),
  apn: z.record(z.string(), z.unknown()).default({}),
  webpush: z.record(z.string(), z.unknown()).default({}),
});

export interface PushProviders {
  readonly firebase: Readonly<Record<string, FirebaseProvider>>;
  readonly apn: Readonly<Record<string, ApnProvider>>;
  readonly webpush: Readonly<Record<string, WebPushProvider>>;
  /** What is wrong with the providers that cannot be used, by kind and name, as `apn.default`. */
  readonly faults: Readonly<Record<string, string>>;
}

/** Parses each provider of the secret by itself, so that a mistake in one leaves the others usable. Errors name the field, never its value. */
export function parsePushProviders(text: string): PushProviders {
  const { data, error } = pushProviders.safeParse(jsonOf(text));
  if (error) throw new Error(`the push-providers secret is not usable: ${problemsIn(error)}`);
  const faults: Record<string, string> = {};
  const usable = <Provider>(
    kind: string,
    named: Record<string, unknown>,
    schemaOf: (settings: unknown) => z.ZodType<Provider>,
  ) => {
    const providers: Record<string, Provider> = {};
    for (const [name, settings] of Object.entries(named)) {
      const parsed = schemaOf(settings).safeParse(settings);
      if (parsed.success) providers[name] = parsed.data;
      else faults[`${kind}.${name}`] = `${kind}.${name} is not usable: ${problemsIn(parsed.error)}`;
    }
    return providers;
  };
  return {
    firebase: usable<FirebaseProvider>('firebase', data.firebase, (settings) =>
      isKeyless(settings) ? keylessFirebase() : keyedFirebase,
    ),
    apn: usable('apn', data.apn, () => apnProvider),
    webpush: usable('webpush', data.webpush, () => webPushProvider),
    faults,
  };
}

const problemsIn = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message)).join('; ');

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // JSON.parse quotes the text in its message, and the text is a secret.
    throw new Error('the push-providers secret is not JSON');
  }
}

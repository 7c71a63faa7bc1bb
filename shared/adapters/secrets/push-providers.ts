import { createPrivateKey } from 'node:crypto';
import * as z from 'zod';
import { alertText } from '#wire/push/alert-text.ts';
import { pushFormat } from '#wire/push/format.ts';

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

/** A Firebase service account as the console exports it. The other fields of the file are ignored. */
const firebaseProvider = z.object({
  project_id: z.string().min(1),
  client_email: z.string().min(1),
  private_key_id: z.string().optional(),
  private_key: privateKey('rsa'),
  format: pushFormat.default('carillon'),
});

/** An APNs key of Apple's developer portal (the text of the .p8 file) and the app it pushes to. */
const apnProvider = z.object({
  key: privateKey('ec'),
  key_id: z.string().length(10),
  team_id: z.string().length(10),
  bundle_id: z
    .string()
    .min(1)
    .refine((id) => !id.endsWith('.voip'), { error: 'must be the bundle id of the app itself, without .voip' }),
  /** How its app rings: by PushKit, or by an alert that a notification service extension handles. */
  ios_ring: z.enum(['voip', 'alert']).default('voip'),
  format: pushFormat.default('carillon'),
  missed_call: alertText.optional(),
  missed_video_call: alertText.optional(),
  incoming_call: alertText.optional(),
  incoming_video_call: alertText.optional(),
});

export type FirebaseProvider = z.infer<typeof firebaseProvider>;
export type ApnProvider = z.infer<typeof apnProvider>;

/** The secret `push-providers`: providers by kind and name. The name is `default` unless a device gives another one. */
const pushProviders = z.object({
  firebase: z.record(z.string(), z.unknown()).default({}),
  apn: z.record(z.string(), z.unknown()).default({}),
});

export interface PushProviders {
  readonly firebase: Readonly<Record<string, FirebaseProvider>>;
  readonly apn: Readonly<Record<string, ApnProvider>>;
  /** What is wrong with the providers that cannot be used, by kind and name, as `apn.default`. */
  readonly faults: Readonly<Record<string, string>>;
}

/** Parses each provider of the secret by itself, so that a mistake in one leaves the others usable. Errors name the field, never its value. */
export function parsePushProviders(text: string): PushProviders {
  const { data, error } = pushProviders.safeParse(jsonOf(text));
  if (error) throw new Error(`the push-providers secret is not usable: ${problemsIn(error)}`);
  const faults: Record<string, string> = {};
  const usable = <Provider>(kind: string, named: Record<string, unknown>, schema: z.ZodType<Provider>) => {
    const providers: Record<string, Provider> = {};
    for (const [name, settings] of Object.entries(named)) {
      const parsed = schema.safeParse(settings);
      if (parsed.success) providers[name] = parsed.data;
      else faults[`${kind}.${name}`] = `${kind}.${name} is not usable: ${problemsIn(parsed.error)}`;
    }
    return providers;
  };
  return {
    firebase: usable('firebase', data.firebase, firebaseProvider),
    apn: usable('apn', data.apn, apnProvider),
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

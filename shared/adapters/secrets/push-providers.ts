import * as z from 'zod';

/** A Firebase service account as the console exports it; what else the file has is ignored. */
const serviceAccount = z.object({
  project_id: z.string().min(1),
  client_email: z.string().min(1),
  private_key_id: z.string().optional(),
  private_key: z.string().includes('PRIVATE KEY'),
});

/** An APNs key of Apple's developer portal (the text of the .p8 file) and the app it pushes to. */
const apnsKey = z.object({
  key: z.string().includes('PRIVATE KEY'),
  key_id: z.string().length(10),
  team_id: z.string().length(10),
  bundle_id: z.string().min(1),
});

/** The secret `push-providers`: by kind and name, `default` unless a device says otherwise. */
const pushProviders = z.object({
  firebase: z.record(z.string(), serviceAccount).default({}),
  apn: z.record(z.string(), apnsKey).default({}),
});

export type PushProviders = z.infer<typeof pushProviders>;

/** Parses the secret; the error names the field, never its value. */
export function parsePushProviders(text: string): PushProviders {
  const parsed = pushProviders.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  throw new Error(`the push-providers secret is not usable: ${problems.join('; ')}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // JSON.parse quotes the text in its message, and the text is a secret.
    throw new Error('the push-providers secret is not JSON');
  }
}

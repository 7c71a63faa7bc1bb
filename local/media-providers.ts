import { randomBytes } from 'node:crypto';
import { z } from 'zod';

/** The secret `media-providers`, as far as `/_local/providers` shows it. */
const secret = z.object({ agora: z.object({ app_id: z.string(), app_certificate: z.string() }).optional() });

/** The content of the secret `media-providers`, of whatever form an operator gives it. */
export const mediaProviders = z.record(z.string(), z.json());

/** An Agora app that only this stack knows. Its tokens are as good as real ones to whoever knows the certificate. */
export const localAgora = (): z.infer<typeof mediaProviders> => ({
  agora: { app_id: hex(), app_certificate: hex(), token_ttl_s: 3600 },
});

const hex = (): string => randomBytes(16).toString('hex');

/** The Agora app in the text of the secret, if there is one. */
export function shownMedia(text: string): object {
  const { data } = secret.safeParse(JSON.parse(text));
  return data?.agora ? { agora: data.agora } : {};
}

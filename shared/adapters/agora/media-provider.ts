import * as z from 'zod';
import { ServiceError } from '#domain/errors.ts';
import { once } from '#domain/once.ts';
import { type Clock, epochMs, later, SECOND_MS, toEpochSeconds } from '#domain/time.ts';
import type { MediaProvider } from '#ports/media-provider.ts';

/** An app id or a certificate as Agora's console shows it. */
const hex = /* @__PURE__ */ once(() => z.string().regex(/^[0-9a-fA-F]{32}$/, 'must be 32 hexadecimal digits'));

/** The most that Agora grants. */
const MAX_TTL_S = 86_400;

/** The secret `media-providers`. It is empty if there is none. */
const mediaProviders = /* @__PURE__ */ once(() =>
  z.object({
    agora: z
      .object({
        app_id: hex(),
        app_certificate: hex(),
        token_ttl_s: z.number().int().min(1).max(MAX_TTL_S).default(3600),
      })
      .optional(),
  }),
);

export interface AgoraOptions {
  /** The text of the secret `media-providers`. */
  readonly readSecret: () => Promise<string>;
  readonly clock: Clock;
  /** Is told what is wrong with the secret, never its values. */
  readonly onFault: (fault: string) => void;
}

/** Credentials for Agora. */
export const agoraMedia = ({ readSecret, clock, onFault }: AgoraOptions): MediaProvider => ({
  async credential(channelName, userAccount) {
    const { agora } = parse(await readSecret(), onFault);
    if (!agora) throw new ServiceError('media_not_configured', 'this deployment has no media provider: see its secret');
    const { app_id: appId, app_certificate: certificate, token_ttl_s: ttlS } = agora;
    // The package takes the time itself, in whole seconds. Taken before it, this moment is never later than the token's end.
    const expiresAt = later(epochMs(toEpochSeconds(clock()) * SECOND_MS), ttlS * SECOND_MS);
    // Few functions' requests need it: it is loaded when the first one does.
    const { rtcToken } = await import('#adapters/agora/rtc-token.ts');
    const token = rtcToken({ appId, certificate, channelName, userAccount, ttlS });
    return { appId, channelName, token, userAccount, expiresAt };
  },
});

function parse(text: string, onFault: AgoraOptions['onFault']): z.infer<ReturnType<typeof mediaProviders>> {
  const { data, error } = mediaProviders().safeParse(jsonOf(text));
  if (data) return data;
  onFault(error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '));
  return {};
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // JSON.parse quotes the text in its message, and the text is a secret.
    return 'not JSON';
  }
}

import * as z from 'zod';
import { defined } from '#domain/defined.ts';
import { TOKEN_KINDS, type UserPrincipal } from '#domain/identity.ts';
import { hardwareId, userId } from '#wire/fields.ts';

/** What the authorizer said of a connection's user: strings, as API Gateway passes them on with every frame. */
const authorizerContext = z.object({
  user_id: userId,
  kind: z.enum(TOKEN_KINDS),
  token_fingerprint: z.string(),
  name: z.string().optional(),
  call_cid: z.string().optional(),
  hardware_id: hardwareId.optional(),
});

/** The authorizer's context for a user; `talker` reads it back on every event of the connection. */
export const authorizerContextOf = ({
  userId: id,
  kind,
  tokenFingerprint,
  name,
  cid,
  hardwareId: hardware,
}: UserPrincipal): Record<string, string> => ({
  user_id: id,
  kind,
  token_fingerprint: tokenFingerprint,
  ...defined({ name, call_cid: cid, hardware_id: hardware }),
});

/** An event of a connection, past the authorizer. */
export interface ConnectionEvent {
  readonly requestContext: { readonly connectionId: string; readonly authorizer?: unknown };
}

/** Who is talking, and over which connection. */
export function talker({ requestContext }: ConnectionEvent): UserPrincipal & { readonly connectionId: string } {
  const { user_id, call_cid, hardware_id, name, token_fingerprint, ...rest } = authorizerContext.parse(
    requestContext.authorizer,
  );
  return {
    ...rest,
    userId: user_id,
    tokenFingerprint: token_fingerprint,
    connectionId: requestContext.connectionId,
    ...defined({ name, cid: call_cid, hardwareId: hardware_id }),
  };
}

/** The ids by which the log lines of a connection are found; it has one before it is let in. */
export const connectionIds = ({
  requestContext,
}: {
  readonly requestContext: { readonly connectionId?: string | undefined };
}): Record<string, string | undefined> => ({ connection_id: requestContext.connectionId });

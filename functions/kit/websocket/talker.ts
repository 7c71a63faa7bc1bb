import * as z from 'zod';
import { defined } from '#domain/defined.ts';
import { TOKEN_KINDS, type UserPrincipal } from '#domain/identity.ts';
import { epochMs } from '#domain/time.ts';
import { hardwareId, sessionId, userId } from '#wire/fields.ts';

/** What the authorizer said of a connection's user: strings, as API Gateway passes them on with every frame. */
const authorizerContext = z.object({
  user_id: userId,
  kind: z.enum(TOKEN_KINDS),
  token_fingerprint: z.string(),
  name: z.string().transform(decodeURIComponent).optional(),
  image: z.string().optional(),
  call_cid: z.string().optional(),
  hardware_id: hardwareId.optional(),
  session_id: sessionId.optional(),
  /** Epoch milliseconds. */
  issued_at: z.coerce.number().transform(epochMs).optional(),
});

/** The authorizer's context for a user; `talker` reads it back on every event of the connection. */
export const authorizerContextOf = ({
  userId: id,
  kind,
  tokenFingerprint,
  name,
  image,
  cid,
  hardwareId: hardware,
  sessionId: session,
  issuedAt,
}: UserPrincipal): Record<string, string> => ({
  user_id: id,
  kind,
  token_fingerprint: tokenFingerprint,
  // Encoded: it is the one text in here that may not be ASCII, and nobody promises that API Gateway passes others on unchanged.
  ...defined({
    name: name && encodeURIComponent(name.toWellFormed()),
    image,
    call_cid: cid,
    hardware_id: hardware,
    session_id: session,
    issued_at: issuedAt?.toString(),
  }),
});

/** An event of a connection, past the authorizer. */
export interface ConnectionEvent {
  readonly requestContext: { readonly connectionId: string; readonly authorizer?: unknown };
}

/** A user, and the connection that they talk over. */
export type Talker = UserPrincipal & { readonly connectionId: string };

/** Who is talking, and over which connection. */
export function talker({ requestContext }: ConnectionEvent): Talker {
  const { user_id, call_cid, hardware_id, session_id, issued_at, name, image, token_fingerprint, ...rest } =
    authorizerContext.parse(requestContext.authorizer);
  return {
    ...rest,
    userId: user_id,
    tokenFingerprint: token_fingerprint,
    connectionId: requestContext.connectionId,
    ...defined({ name, image, cid: call_cid, hardwareId: hardware_id, sessionId: session_id, issuedAt: issued_at }),
  };
}

/** The ids by which the log lines of a connection are found; it has one before it is let in. */
export const connectionIds = ({
  requestContext,
}: {
  readonly requestContext: { readonly connectionId?: string | undefined };
}): Record<string, string | undefined> => ({ connection_id: requestContext.connectionId });

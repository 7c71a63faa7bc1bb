import type { APIGatewayProxyResultV2, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import * as z from 'zod';
import { defined } from '#domain/defined.ts';
import { ServiceError } from '#domain/errors.ts';
import { TOKEN_KINDS, type UserPrincipal } from '#domain/identity.ts';
import type { PeerLink } from '#ports/peer-link.ts';
import { hardwareId, userId } from '#wire/fields.ts';
import { envelope } from '#wire/socket/native/frames.ts';
import { callInFrame } from '#wire/views.ts';
import { parsed, refusalOf } from '../entry/refusal.ts';
import { sealed } from '../entry/sealed.ts';

/** What the authorizer said of who is talking: strings, as API Gateway hands them on with every frame. */
const authorizerContext = z.object({
  user_id: userId,
  kind: z.enum(TOKEN_KINDS),
  token_fingerprint: z.string(),
  name: z.string().optional(),
  call_cid: z.string().optional(),
  hardware_id: hardwareId.optional(),
});

/** The authorizer's context for a user: read back by `talker` on every event of the connection. */
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

interface WithAuthorizer {
  readonly requestContext: { readonly connectionId: string; readonly authorizer?: unknown };
}

/** Who is talking, and over which connection. */
export function talker({ requestContext }: WithAuthorizer): UserPrincipal & { readonly connectionId: string } {
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

/** What a frame comes to: an answer for whoever asked for one, by an `id`. */
export type Answer = object | undefined;

/** Runs one command of a client. */
export type FrameHandler = (frame: unknown, user: UserPrincipal) => Promise<Answer>;

/** Handles frames: each is parsed, run by its `type`, and answered on its own connection where it has an `id` or fails. */
export const frameHandler = (peers: () => PeerLink, commands: () => Readonly<Record<string, FrameHandler>>) =>
  sealed(async (event: APIGatewayProxyWebsocketEventV2): Promise<APIGatewayProxyResultV2> => {
    const user = talker(event);
    const reply = await answerTo(event.body, user, commands());
    if (reply) await peers().post(user.connectionId, reply);
    return { statusCode: 200 };
  });

async function answerTo(
  text: string | undefined,
  user: UserPrincipal,
  commands: Readonly<Record<string, FrameHandler>>,
): Promise<object | undefined> {
  let known: { type?: string; id?: string | number } = {};
  try {
    const frame = jsonOf(text);
    known = looselyKnown(frame);
    if (!('type' in frame) || typeof frame.type !== 'string')
      throw new ServiceError('unknown_type', 'a frame must have a type');
    const { type, id } = parsed(envelope, frame);
    const command = Object.hasOwn(commands, type) ? commands[type] : undefined;
    if (!command) throw new ServiceError('unknown_type', `there is no ${JSON.stringify(type.slice(0, 64))}`);
    const answer = await command(frame, user);
    return id === undefined ? undefined : { type: 'response', id, ok: true, ...answer };
  } catch (error) {
    const { code, message, errors, requestId, call } = refusalOf(error);
    return {
      type: 'error',
      ...defined({ id: known.id, for: known.type }),
      error: { code, message, ...defined({ errors, request_id: requestId }) },
      ...(call && callInFrame(call, user)),
    };
  }
}

function jsonOf(text: string | undefined): object {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch (error) {
    throw new ServiceError('invalid_json', 'a frame must be JSON', { cause: error });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ServiceError('invalid_json', 'a frame must be a JSON object');
  return value;
}

/** What can be said of a frame before it is known to be a good one. */
const looselyKnown = (frame: object) =>
  z
    .object({ type: z.string().max(64).optional().catch(undefined), id: envelope.shape.id.catch(undefined) })
    .transform(({ type, id }) => ({
      ...defined({ type, id }),
    }))
    .parse(frame);

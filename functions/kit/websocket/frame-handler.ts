import type { APIGatewayProxyResultV2, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';
import { ServiceError } from '#domain/errors.ts';
import { envelope } from '#wire/socket/native/frames.ts';
import { type EntryPoint, entryPoint } from '../entry/entry-point.ts';
import { inTime } from '../entry/in-time.ts';
import { logContext } from '../entry/log-context.ts';
import { measureErrors } from '../entry/measure-errors.ts';
import { parsed } from '../entry/parsed.ts';
import { seal } from '../entry/seal.ts';
import { meter } from '../observe/meter.ts';
import { asName, noteRefusal } from '../observe/note-refusal.ts';
import { errorFrame } from './error-frame.ts';
import { frameOf, labelsOf } from './frame.ts';
import { connectionIds, type Talker, talker } from './talker.ts';

type Event = APIGatewayProxyWebsocketEventV2;

/** What a frame is answered with, if it has an `id`. */
export type Answer = object | undefined;

/** Runs one command of a client. */
export type FrameHandler = (frame: unknown, user: Talker) => Promise<Answer>;

/** Where the answers to frames are posted. */
interface Sockets {
  post(connectionId: string, text: string): Promise<unknown>;
}

export interface FrameHandlerOptions {
  readonly sockets: () => Sockets;
  /** By the `type` of the frame. */
  readonly handlers: () => Readonly<Record<string, FrameHandler>>;
  readonly early: () => unknown;
}

const TAKEN: APIGatewayProxyResultV2 = { statusCode: 200 };

/** Handles frames: each is parsed, run by its `type`, and answered on its own connection if it has an `id` or fails. */
export function frameHandler({
  sockets,
  handlers,
  early,
}: FrameHandlerOptions): EntryPoint<Event, APIGatewayProxyResultV2> {
  const serve = async (event: Event): Promise<APIGatewayProxyResultV2> => {
    const user = talker(event);
    meter.record({ type: 'frame_received', dialect: 'native' });
    const reply = await replyTo(event.body, user, handlers());
    if (reply) await sockets().post(user.connectionId, JSON.stringify(reply));
    return TAKEN;
  };
  const refuse = async (error: unknown, event: Event): Promise<APIGatewayProxyResultV2> => {
    const user = talker(event);
    const { type, cid } = labelsOf(event.body);
    noteRefusal(error, { userId: user.userId, operation: asName(type), cid });
    const frame = errorFrame(error, event.body, user);
    meter.record({ type: 'frame_refused', dialect: 'native', code: frame.error.code });
    await sockets().post(user.connectionId, JSON.stringify(frame));
    return TAKEN;
  };
  return entryPoint((event: Event, signal) => inTime(serve(event), signal), {
    early,
    use: [logContext({ ids: connectionIds }), seal({ answer: refuse }), measureErrors()],
  });
}

async function replyTo(
  text: string | undefined,
  user: Talker,
  handlers: Readonly<Record<string, FrameHandler>>,
): Promise<object | undefined> {
  const frame = frameOf(text);
  if (!('type' in frame) || typeof frame.type !== 'string')
    throw new ServiceError('unknown_type', 'a frame must have a type');
  const { type, id } = parsed(envelope, frame);
  const handle = Object.hasOwn(handlers, type) ? handlers[type] : undefined;
  if (!handle) throw new ServiceError('unknown_type', `there is no frame type ${JSON.stringify(type.slice(0, 64))}`);
  const answer = await handle(frame, user);
  return id === undefined ? undefined : { type: 'response', id, ok: true, ...answer };
}

import * as z from 'zod';
import { events } from '#wire/socket/native/events.ts';
import { commandFrames, connectQuery, frameId, signalFrames } from '#wire/socket/native/frames.ts';
import { backendComponents } from './backend/events.ts';
import { type Component, type Components, componentName, described } from './schemas/component.ts';
import { replies, requests } from './schemas/rest.ts';
import { inputs, views } from './schemas/shared.ts';
import { FRAME_TYPE } from './schemas/words.ts';
import { eventTexts } from './socket/events.ts';
import { answerTexts, commandTexts } from './socket/frames.ts';
import { localPush } from './socket/local-pushes.ts';
import { pushTexts } from './socket/pushes.ts';
import { roomComponents } from './socket/rooms.ts';

/** What a client may send over the socket, by its `type`: whole frames. */
export const commands: Readonly<Record<string, z.ZodType>> = {
  ...Object.fromEntries(
    Object.entries({ ...commandFrames, ...signalFrames }).map(([type, schema]) => [
      type,
      z.object({ type: z.literal(type), id: frameId.optional(), ...schema().shape }),
    ]),
  ),
  ping: z.object({ type: z.literal('ping') }),
};

const FRAME = {
  ...FRAME_TYPE,
  id: 'Chosen by the client; the answer carries the same `id`. Without one, only an error is answered.',
};

type Texts = Readonly<Record<string, Omit<Component, 'schema'>>>;

const frames = (kind: string, schemas: Readonly<Record<string, z.ZodType>>, texts: Texts): Components =>
  Object.fromEntries(
    Object.entries(schemas).map(([type, schema]) => [
      componentName(type, kind),
      { schema, fields: { ...FRAME, ...texts[type]?.fields }, keywords: texts[type]?.keywords ?? {} },
    ]),
  );

/** The schemas that have a name in the documents: wherever one is used, it is referred to. */
export const components: Components = {
  ...inputs,
  ...requests,
  ConnectQuery: described(connectQuery, {
    hardware_id: 'A stable id of the handset. A wake or call token already names it.',
    session_id: 'An id of this start of the app: new at every start, the same for all connections until it ends.',
  }),
  ...frames('Command', commands, commandTexts),
  ...views,
  ...replies,
  ...frames('Event', events, eventTexts),
  ...answerTexts,
  ...roomComponents,
  ...pushTexts,
  ...backendComponents,
  LocalPush: localPush,
};

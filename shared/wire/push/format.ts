import * as z from 'zod';

/** How the keys of a push are named: Carillon's own way, or as apps made for Stream Video expect them. */
export const pushFormat = z.enum(['carillon', 'stream']);

export type PushFormat = z.infer<typeof pushFormat>;

type PushKeys = Readonly<Record<string, string>>;

/** The keys that have other names in Stream's format. There, the `call_type` of a push is the event and not the kind of call. */
const STREAM_NAMES: Readonly<Record<string, string>> = {
  type: 'call_type',
  call_cid: 'stream_call_cid',
  call_id: 'stream_call_id',
  call_type: 'stream_call_type',
};

/** The keys of a push as its app expects them. */
export const inFormat = (format: PushFormat, payload: PushKeys): PushKeys =>
  format === 'carillon'
    ? payload
    : {
        ...Object.fromEntries(Object.entries(payload).map(([key, value]) => [STREAM_NAMES[key] ?? key, value])),
        sender: 'stream_video',
      };

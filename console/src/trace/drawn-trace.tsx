import type { CallResource, Device, Trace } from '#client/wire.ts';
import { pictureOf } from './lanes.ts';
import { TracePicture } from './picture.tsx';
import { TraceRows } from './rows.tsx';

/** A call with its trace, and the devices that tell which push token is on which phone. */
export interface TracedCall extends CallResource {
  readonly trace: Trace;
  readonly devices: readonly Device[];
}

/** A trace as a picture, and the same row by row. While the call is on, the picture ends now. */
export function DrawnTrace({ call, members, trace, devices }: TracedCall) {
  const picture = pictureOf(trace, { members, devices });
  const until = call.status === 'ended' ? Date.parse(call.ended_at ?? call.created_at) : Date.now();
  return (
    <>
      <TracePicture picture={picture} endMs={until - picture.startedAt} />
      <TraceRows trace={trace.trace} startedAt={picture.startedAt} />
    </>
  );
}

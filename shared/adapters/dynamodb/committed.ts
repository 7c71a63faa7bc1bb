import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod';
import type { Committed } from '#ports/report.ts';
import { fromItem } from './call-item.ts';
import { reportedKind } from './keys.ts';
import { FAILING_USERS, faultOf } from './provider-faults.ts';
import { pushTokenOf } from './push-token-item.ts';
import type { Row } from './table.ts';
import { tombstone } from './user-records.ts';

/** A tombstone, and whose it is. */
const removedDevice = tombstone().extend({ userId: z.string(), key: z.string() });

/** An item as a stream of the table has it. */
type Image = Parameters<typeof unmarshall>[0];

/** One write, as a stream of the table tells of it. */
export interface StreamedWrite {
  readonly OldImage?: Image | undefined;
  readonly NewImage?: Image | undefined;
}

/** What a write means for the app's backend; nothing, if it means nothing. It throws if a row cannot be read. */
export function committedBy({ OldImage, NewImage }: StreamedWrite): Committed | undefined {
  // What goes has nothing to tell: an item that has expired, or a device, whose tombstone says why.
  if (!NewImage) return undefined;
  const after: Row = unmarshall(NewImage);
  const before: Row | undefined = OldImage && unmarshall(OldImage);
  switch (reportedKind({ pk: String(after['pk']), sk: String(after['sk']) })) {
    case 'call':
      return { kind: 'call', before: before && fromItem(before), after: fromItem(after) };
    case 'pushToken':
      return before ? undefined : { kind: 'device_registered', pushToken: pushTokenOf(after) };
    case 'tombstone':
      return { kind: 'device_removed', device: removedDevice.parse(after) };
    case 'providerFault': {
      const [was, is] = [before && faultOf(before), faultOf(after)];
      const isNews =
        is.users >= FAILING_USERS && !(was && was.fault.since === is.fault.since && was.users >= FAILING_USERS);
      return isNews ? { kind: 'provider_failing', fault: is.fault } : undefined;
    }
    case undefined:
      return undefined;
  }
}

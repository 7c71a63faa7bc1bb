import { v5 as uuidV5 } from 'uuid';
import type { PushToken } from '#domain/push-token/token.ts';
import type { Push } from '#ports/push-sender.ts';

/** Carillon's own namespace for the ids of pushes. */
const NAMESPACE = 'b6b7c0de-2f0c-5a37-9d0f-6a1c7b1f3a44';

/** The UUID of one push to one token: the same on every attempt, so that the service and the app can drop a second copy. */
export const pushId = (push: Push, { key }: PushToken): string =>
  uuidV5([push.kind === 'stop' ? push.type : push.kind, push.cid, push.ringId, key].join('|'), NAMESPACE);

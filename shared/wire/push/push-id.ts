import { v5 as uuidV5 } from 'uuid';

/** Carillon's own UUID namespace for the ids of pushes. */
const NAMESPACE = 'b6b7c0de-2f0c-5a37-9d0f-6a1c7b1f3a44';

/** The id of one push to one push token. It is the same on every attempt, so that the service and the app recognise a repetition. */
export const pushId = (type: string, cid: string, ringId: string, pushTokenKey: string): string =>
  uuidV5([type, cid, ringId, pushTokenKey].join('|'), NAMESPACE);

import { callAddress, userAddress } from '../parts/user-text.tsx';
import { api, failureOf } from './api.ts';

/** A cid, or the id of a call of the type `default`. */
const CID = /^(?:([A-Za-z0-9_-]{1,64}):)?([A-Za-z0-9_-]{1,128})$/;
const USER_ID = /^[A-Za-z0-9@._:|+=~-]{1,128}$/;

/**
 * The page of the call that has this id, else that of the user: calls come first, since their ids are made to be unique.
 * `undefined` if it can be neither's.
 */
export async function find(text: string): Promise<string | undefined> {
  const [, type, id] = CID.exec(text) ?? [];
  const cid = `${type ?? 'default'}:${id}`;
  if (id !== undefined && (await isCall(cid))) return callAddress(cid);
  if (!USER_ID.test(text)) return undefined;
  // Whatever looks like a cid is the id of a user only if there is one.
  return type === undefined || (await isUser(text)) ? userAddress(text) : undefined;
}

/** Whether anything is known of a user: anybody may be one, so the API knows them all. */
async function isUser(id: string): Promise<boolean> {
  const [{ devices, removed_devices: removed, connections, blocks }, { calls }] = await Promise.all([
    api.user(id),
    api.calls({ user_id: id, limit: 1 }),
  ]);
  return [devices, removed, connections, blocks, calls].some((list) => list.length > 0);
}

async function isCall(cid: string): Promise<boolean> {
  try {
    await api.call(cid);
    return true;
  } catch (error) {
    if (failureOf(error).status === 404) return false;
    throw error;
  }
}

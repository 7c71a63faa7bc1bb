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
  const [, type = 'default', id] = CID.exec(text) ?? [];
  if (id !== undefined && (await isCall(`${type}:${id}`))) return callAddress(`${type}:${id}`);
  return USER_ID.test(text) ? userAddress(text) : undefined;
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

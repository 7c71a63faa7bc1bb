import { callAddress, userAddress } from '../parts/user-text.tsx';
import { api, failureOf } from './api.ts';

/** A cid, or the id of a call of the type `default`. */
const CID = /^(?:([A-Za-z0-9_-]{1,64}):)?([A-Za-z0-9_-]{1,128})$/;

/** The page of the call or user that has this id: a call's comes first, since its ids are made to be unique. */
export async function find(text: string): Promise<string | undefined> {
  const [, type = 'default', id] = CID.exec(text) ?? [];
  if (id !== undefined) {
    const cid = `${type}:${id}`;
    if (await isThere(() => api.call(cid))) return callAddress(cid);
  }
  return (await isThere(() => api.devices(text))) ? userAddress(text) : undefined;
}

async function isThere(ask: () => Promise<unknown>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (error) {
    const { status } = failureOf(error);
    if (status === 404 || status === 400) return false;
    throw error;
  }
}

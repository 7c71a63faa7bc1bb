import { type Kind, TEXT } from './check.ts';
import { newId, page } from './platform.ts';

/** The server refuses a longer id. */
const MOST_HARDWARE_ID = 64;
export const HARDWARE_ID: Kind = [
  `a string of 1 to ${MOST_HARDWARE_ID} characters`,
  (value) => TEXT[1](value) && String(value).length <= MOST_HARDWARE_ID,
];

/** How many tabs of one user in one browser keep an id of their own. */
const SLOTS = 10;

/** What lets go of a slot. */
interface Slot {
  readonly name: string;
  readonly free: () => void;
}

/**
 * The id of this handset. In a browser each tab is a handset of its own: two with one id would take each other for an
 * app that was started anew. A tab keeps its id when it is reloaded. Elsewhere it is what the app says, if anything.
 */
export async function claimHandset(
  given: string | undefined,
): Promise<{ readonly id?: string; readonly free: () => void }> {
  const slot = await claimTab(given).catch(() => undefined);
  return slot ? { id: slot.name, free: slot.free } : { ...(given !== undefined && { id: given }), free: () => {} };
}

/** Rejects in a page that may store nothing, such as a frame in a sandbox. */
async function claimTab(given: string | undefined): Promise<Slot | undefined> {
  const { sessionStorage, navigator } = page();
  if (!sessionStorage || !navigator?.locks) return undefined;
  const key = `carillon ${given ?? ''}`;
  const mine = sessionStorage.getItem(key);
  const slot = (mine !== null && (await claimAgain(mine))) || (await firstFree(given));
  sessionStorage.setItem(key, slot.name);
  return slot;
}

/** A page that is reloaded may come before the old one has let go; a tab that was duplicated never gets this id. */
async function claimAgain(name: string): Promise<Slot | undefined> {
  for (let tries = 0; tries < 10; tries += 1) {
    const slot = await claim(name);
    if (slot) return slot;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return undefined;
}

async function firstFree(given: string | undefined): Promise<Slot> {
  for (let i = 1; given !== undefined && i <= SLOTS; i += 1) {
    const name = i === 1 ? given : `${given}.${i}`;
    const slot = name.length <= MOST_HARDWARE_ID && (await claim(name));
    if (slot) return slot;
  }
  const name = newId();
  return (await claim(name)) ?? { name, free: () => {} };
}

/** Holds a name as long as this page lives, unless another page holds it. */
function claim(name: string): Promise<Slot | undefined> {
  return new Promise((resolve, reject) => {
    const held = page().navigator?.locks?.request(`carillon ${name}`, { ifAvailable: true }, (lock) => {
      if (lock) return new Promise<void>((free) => resolve({ name, free }));
      resolve(undefined);
      return undefined;
    });
    held?.catch(reject);
  });
}

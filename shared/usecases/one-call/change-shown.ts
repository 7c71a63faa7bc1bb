import { ServiceError } from '#domain/errors.ts';
import { nothingShown, type Shown, type ShownOn } from '#domain/shown.ts';
import type { ShownCalls } from '#ports/shown-calls.ts';

export interface PhoneRecordDeps {
  readonly shownCalls: ShownCalls;
}

/** Two writers may meet at the record of a phone; more often than this they do not. */
const MAX_TRIES = 8;

/** What the phone of a connection shows. */
export const shownOn = async ({ shownCalls }: PhoneRecordDeps, on: ShownOn): Promise<Shown> =>
  (await shownCalls.find(on)) ?? nothingShown(on);

/** Changes the record of a phone. What comes back is how it was before; nothing, if `change` wants nothing changed. */
export async function changeShown(
  deps: PhoneRecordDeps,
  on: ShownOn,
  change: (shown: Shown) => Shown | undefined | Promise<Shown | undefined>,
): Promise<Shown | undefined> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const before = await shownOn(deps, on);
    const after = await change(before);
    if (!after) return undefined;
    if (await deps.shownCalls.save(after)) return before;
  }
  throw new ServiceError('contended', 'this phone does too much at once: try again');
}

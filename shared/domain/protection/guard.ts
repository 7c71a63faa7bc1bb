import type { EpochMs } from '../time.ts';

/** When a user does not want to be disturbed: always, or until a moment. */
export type DoNotDisturb = true | { readonly until: EpochMs };

/** What a user has chosen. */
export interface Preferences {
  /** Absent if they may be disturbed. */
  readonly doNotDisturb?: DoNotDisturb;
}

/** What a user lets through of one caller. */
export interface Guard extends Preferences {
  readonly hasBlocked: boolean;
}

/** How many users somebody may block. */
export const MAX_BLOCKS = 1000;

/** Why a user does not hear a ring. */
export type Silence = 'blocked' | 'do_not_disturb';

/** Whether a user does not want to be disturbed at `now`. */
export const isUndisturbed = ({ doNotDisturb }: Preferences, now: EpochMs): boolean =>
  doNotDisturb === true || (doNotDisturb !== undefined && now < doNotDisturb.until);

/** Why a user behind this guard does not hear a ring at `now`; nothing if they do. */
export const silenceOf = (guard: Guard, now: EpochMs): Silence | undefined => {
  if (guard.hasBlocked) return 'blocked';
  return isUndisturbed(guard, now) ? 'do_not_disturb' : undefined;
};

/** Those who have blocked the caller, of those who do not hear them. */
export const blockersIn = (silent: ReadonlyMap<string, Silence>): ReadonlySet<string> =>
  new Set([...silent].flatMap(([userId, silence]) => (silence === 'blocked' ? [userId] : [])));

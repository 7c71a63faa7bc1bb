import { ServiceError } from '#domain/errors.ts';
import { log } from './log.ts';

/** Who was refused what, by ids only. */
export interface RefusedRequest {
  /** Whoever asked, or whom it was about; a token of the app may name nobody. */
  readonly userId: string | undefined;
  /** A method and a path, the type of a frame or an event, or `connect`. */
  readonly operation: string | undefined;
  readonly cid?: string | undefined;
  /** Who asked in the place of the user: the app's own backend, or an operator. */
  readonly askedBy?: 'server' | 'operator' | undefined;
}

/** Writes down that a user was refused, so that `npm run why` finds it. Of a stranger nothing is written: nobody would ask. */
export function noteRefusal(error: unknown, { userId, operation, cid, askedBy }: RefusedRequest): void {
  if (userId === undefined) return;
  const { code, reason, errors } = error instanceof ServiceError ? error : { code: 'internal' };
  const paths = errors?.map(({ path }) => path);
  log.info(REFUSED, { user_id: userId, operation, call_cid: cid, code, reason, paths, asked_by: askedBy });
}

/** What a client calls a frame or an event, where that can be a name: it may write anything there. */
export const asName = (text: string | undefined): string | undefined =>
  text !== undefined && /^[\w.-]{1,32}$/.test(text) ? text : undefined;

/** The message of these lines. */
const REFUSED = 'refused';

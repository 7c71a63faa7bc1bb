import { ServiceError } from '../errors.ts';
import { handsetOf, isOfTheApp, type Principal, type UserPrincipal } from '../identity.ts';
import { type Call, handsetAnswered } from './call.ts';
import { knowsOf } from './unheard.ts';

/** What somebody may want of one call. */
export type CallAction =
  | 'read'
  | 'ringing'
  | 'accept'
  | 'reject'
  | 'ring'
  | 'add'
  | 'cancel'
  | 'resume'
  | 'leave'
  | 'end'
  | 'signal';

/** What a phone that was only woken may do by one HTTPS request. */
const BY_WAKE_TOKEN: ReadonlySet<CallAction> = new Set(['read', 'ringing', 'accept', 'reject']);

/** What it may do over a socket: it exchanges candidates while it rings. */
const BY_WOKEN_SOCKET: ReadonlySet<CallAction> = new Set([...BY_WAKE_TOKEN, 'signal']);

/** What the socket over which it answered may do for the rest of the call. */
const BY_ANSWERING_SOCKET: ReadonlySet<CallAction> = new Set([...BY_WOKEN_SOCKET, 'resume', 'leave', 'end']);

/** What is left to a woken phone once another has answered. An accept, too, so that it hears why it is refused. */
const ANSWERED_ELSEWHERE: ReadonlySet<CallAction> = new Set(['read', 'accept']);

/** Refuses a token of one call that is used for another. Whether that other call exists is none of its business. */
export function assertInScope({ cid }: Pick<Principal, 'cid'>, about: string): void {
  if (cid !== undefined && cid !== about) throw new ServiceError('not_allowed', 'this token is for another call');
}

/**
 * Refuses a principal who may not do `action` with this call: no member of it, or a token of a kind that does not allow
 * it. Whether the state of the call allows the action is another question: `decide` answers it.
 */
export function authorize(principal: Principal, action: CallAction, call: Call): void {
  assertInScope(principal, call.cid);
  const { userId, kind } = principal;
  if (isOfTheApp(principal) && action === 'read') return;
  if (kind === 'operator' && action === 'end') return;
  if (userId === undefined || !knowsOf(call, userId)) {
    throw new ServiceError('not_a_member', `${userId ?? 'this token'} is not a member of ${call.cid}`);
  }
  if (kind === 'wake' && !wakeActions({ ...principal, userId }, call).has(action)) {
    throw new ServiceError('not_allowed', 'this token does not allow that');
  }
}

function wakeActions(user: UserPrincipal, call: Call): ReadonlySet<CallAction> {
  const answered = handsetAnswered(call, user.userId, handsetOf(user));
  if (answered === 'elsewhere') return ANSWERED_ELSEWHERE;
  if (user.connectionId === undefined) return BY_WAKE_TOKEN;
  return answered === 'here' ? BY_ANSWERING_SOCKET : BY_WOKEN_SOCKET;
}

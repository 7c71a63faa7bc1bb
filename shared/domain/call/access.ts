import { ServiceError } from '../errors.ts';
import { handsetOf, type UserPrincipal } from '../identity.ts';
import { type Call, handsetAnswered } from './call.ts';

/** What somebody may want of one call. */
export type CallAction =
  | 'read'
  | 'ringing'
  | 'accept'
  | 'reject'
  | 'ring'
  | 'add'
  | 'cancel'
  | 'leave'
  | 'end'
  | 'signal';

/** What a phone that was only woken may do by one HTTPS request. */
const BY_WAKE_TOKEN: ReadonlySet<CallAction> = new Set(['read', 'ringing', 'accept', 'reject']);

/** What it may do over a socket: it exchanges candidates while it rings. */
const BY_WOKEN_SOCKET: ReadonlySet<CallAction> = new Set([...BY_WAKE_TOKEN, 'signal']);

/** What the socket over which it answered may do for the rest of the call. */
const BY_ANSWERING_SOCKET: ReadonlySet<CallAction> = new Set([...BY_WOKEN_SOCKET, 'leave', 'end']);

/** What is left to a woken phone once another has answered. An accept, too, so that it hears why it is refused. */
const ANSWERED_ELSEWHERE: ReadonlySet<CallAction> = new Set(['read', 'accept']);

/** Refuses a token of one call to act on another; whether that other call exists is none of its business. */
export function assertInScope({ cid }: Pick<UserPrincipal, 'cid'>, about: string): void {
  if (cid !== undefined && cid !== about) throw new ServiceError('not_allowed', 'this token is for another call');
}

/** Whether the kind of token that `user` came with allows `action` on its call; whether the call's state does is another question. */
export function mayAct(user: UserPrincipal, action: CallAction, call: Call): boolean {
  switch (user.kind) {
    case 'login':
    case 'server':
      return true;
    case 'call':
      return true;
    case 'wake':
      return wakeActions(user, call).has(action);
  }
}

function wakeActions(user: UserPrincipal, call: Call): ReadonlySet<CallAction> {
  const answered = handsetAnswered(call, user.userId, handsetOf(user));
  if (answered === 'elsewhere') return ANSWERED_ELSEWHERE;
  if (user.connectionId === undefined) return BY_WAKE_TOKEN;
  return answered === 'here' ? BY_ANSWERING_SOCKET : BY_WOKEN_SOCKET;
}

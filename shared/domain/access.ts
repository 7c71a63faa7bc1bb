import { type Call, handsetAnswered } from './call.ts';
import { handsetOf, type User } from './caller.ts';

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

/** What the socket of a woken phone may do besides. */
const BY_WOKEN_SOCKET: ReadonlySet<CallAction> = new Set([...BY_WAKE_TOKEN, 'leave', 'end', 'signal']);

/** What is left to a woken phone once another has answered. An accept, too, so that it hears why it is refused. */
const ANSWERED_ELSEWHERE: ReadonlySet<CallAction> = new Set(['read', 'accept']);

/** Whether the kind of token that `user` came with allows `action` on this call; whether the call's state does is another question. */
export function mayAct(user: User, action: CallAction, call: Call): boolean {
  switch (user.kind) {
    case 'login':
    case 'server':
      return true;
    case 'call':
      return user.cid === call.cid;
    case 'wake':
      return user.cid === call.cid && wakeActions(user, call).has(action);
  }
}

function wakeActions(user: User, call: Call): ReadonlySet<CallAction> {
  const answered = handsetAnswered(call, user.userId, handsetOf(user));
  if (answered === 'elsewhere') return ANSWERED_ELSEWHERE;
  return user.connectionId === undefined ? BY_WAKE_TOKEN : BY_WOKEN_SOCKET;
}

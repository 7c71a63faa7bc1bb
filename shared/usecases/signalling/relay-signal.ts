import { assertInScope, mayAct } from '#domain/call/access.ts';
import { type Call, type Handset, isCaller, isIn, isSuccessor, type Member, memberOf } from '#domain/call/call.ts';
import { asOf } from '#domain/call/expire.ts';
import { ServiceError } from '#domain/errors.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { Mailbox, Signal } from '#ports/mailbox.ts';
import type { Connection } from '#ports/presence-store.ts';
import { signalFrame } from '#wire/socket/native/encode.ts';
import { type SendDeps, sendToUser } from '../connections/send-to-user.ts';
import { type WatchDeps, watchForReturn } from '../connections/watch-for-return.ts';

export interface RelaySignalDeps extends SendDeps, WatchDeps {
  readonly calls: CallStore;
  readonly mailbox: Mailbox;
}

export interface RelaySignal {
  readonly cid: string;
  readonly user: UserPrincipal;
  readonly type: Signal['type'];
  readonly body: Signal['body'];
  readonly seq?: number;
  /** One member; everybody else in the call where absent. */
  readonly target?: string;
  /** The call, where it is known. @default it is read */
  readonly call?: Call;
}

/** Relays SDP or candidates; they wait for a phone that is being woken, or for a handset that reconnects. */
export const relaySignal =
  (deps: RelaySignalDeps) =>
  async (sent: RelaySignal): Promise<void> => {
    const { cid, user, type, body, seq, target } = sent;
    const call = await callFor(deps, sent);
    const signal: Signal = {
      type,
      body,
      from: user.userId,
      at: deps.clock(),
      ...(user.name !== undefined && { fromName: user.name }),
      ...(seq !== undefined && { seq }),
    };
    const others = Object.values(call.members).filter(({ userId }) => userId !== user.userId);
    const targets = others.filter((member) => (target === undefined ? takesPart(member) : member.userId === target));
    if (target !== undefined && targets.length === 0) {
      throw new ServiceError('not_a_member', `${target} is not another member of ${cid}`);
    }
    const able = targets.filter(takesPart);
    if (target !== undefined && able.length === 0)
      throw new ServiceError('not_ringing', `${target} is not in this call`);
    await Promise.all(able.map((member) => deliver(deps, call, member, signal)));
  };

const takesPart = (member: Member): boolean => isIn(member) || member.state === 'ringing';

async function callFor({ calls, clock }: RelaySignalDeps, { cid, user, call: written }: RelaySignal): Promise<Call> {
  assertInScope(user, cid);
  const stored = written ?? (await calls.find(cid));
  if (!stored) throw new ServiceError('not_found', `there is no call ${cid}`);
  const call = asOf(stored, clock());
  const sender = memberOf(call, user.userId);
  if (!sender) throw new ServiceError('not_a_member', `${user.userId} is not a member of ${cid}`);
  if (!mayAct(user, 'signal', call)) throw new ServiceError('not_allowed', 'this token does not allow that');
  if (call.status === 'ended') throw new ServiceError('call_ended', 'the call has ended', { call });
  if (call.status === 'created' || !takesPart(sender))
    throw new ServiceError('not_ringing', 'you are not in this call');
  return call;
}

async function deliver(deps: RelaySignalDeps, call: Call, member: Member, signal: Signal): Promise<void> {
  const frame = signalFrame(call.cid, signal);
  const keep = () => deps.mailbox.keep(call.cid, member.userId, signal);
  if (member.state === 'ringing') {
    // Kept first: a connection that opens meanwhile finds it in the mailbox, or is told with the others.
    await keep();
    await postToAll(deps, call, member.userId, frame, () => true);
    return;
  }
  const handset = isCaller(call, member.userId) ? call.callerOn : member.answeredOn;
  const told = handset?.connectionId !== undefined && (await deps.peers.post(handset.connectionId, frame));
  if (told === 'sent') return;
  const isTheirs = isCaller(call, member.userId) ? () => true : (on: Handset) => !handset || mayBe(handset, on);
  if (await postToAll(deps, call, member.userId, frame, isTheirs)) return;
  await Promise.all([keep(), told === 'gone' && watchForReturn(deps, call, member.userId)]);
}

/** Whether a connection may be the handset that answered; one that answered without saying which it is may be any. */
const mayBe = (answered: Handset, on: Handset): boolean =>
  (answered.hardwareId === undefined && answered.connectionId === undefined) || isSuccessor(answered, on);

async function postToAll(
  deps: RelaySignalDeps,
  call: Call,
  userId: string,
  frame: object,
  isTheirs: (on: Handset) => boolean,
): Promise<boolean> {
  const fits = (connection: Connection): boolean => isTheirs({ ...connection, connectionId: connection.id });
  return (await sendToUser(deps)(userId, call, [frame], fits)).some(({ told }) => told === 'sent');
}

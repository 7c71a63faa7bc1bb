import { type Call, connectionsOf, isIn, type Member } from '#domain/call/call.ts';
import { ServiceError } from '#domain/errors.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import type { Mailbox, Signal } from '#ports/mailbox.ts';
import type { PeerLink } from '#ports/peer-link.ts';
import type { PresenceStore } from '#ports/presence-store.ts';
import { type SendToUserDeps, sendToUser } from '../connections/send-to-user.ts';
import { watchForReturn } from '../timers/timers.ts';

export interface DeliverSignalDeps extends SendToUserDeps {
  readonly mailbox: Mailbox;
  readonly peers: PeerLink;
  readonly presence: PresenceStore;
}

/** SDP or candidates that a member of a call sends to others. */
export interface OutgoingSignal {
  readonly call: Call;
  readonly from: UserPrincipal;
  readonly type: Signal['type'];
  readonly body: Signal['body'];
  readonly seq?: number | undefined;
  /** One member. @default everybody else who takes part in the call */
  readonly target?: string | undefined;
}

/** Whether signals may be for this member, or from them. */
export const takesPart = (member: Member): boolean => isIn(member) || member.state === 'ringing';

/** Delivers a signal. It waits for a phone that is being woken, or for a handset that reconnects. */
export const deliverSignal = (deps: DeliverSignalDeps) => {
  const deliver = deliverTo(deps);
  return async ({ call, from, type, body, seq, target }: OutgoingSignal): Promise<void> => {
    const signal: Signal = {
      type,
      body,
      from: from.userId,
      at: deps.clock(),
      ...(from.name !== undefined && { fromName: from.name }),
      ...(seq !== undefined && { seq }),
    };
    const targets = targetsOf(call, from.userId, target);
    await Promise.all(targets.map((member) => deliver(call, member, signal)));
  };
};

function targetsOf(call: Call, from: string, target: string | undefined): Member[] {
  const others = Object.values(call.members).filter(({ userId }) => userId !== from);
  if (target === undefined) return others.filter(takesPart);
  const named = others.filter(({ userId }) => userId === target);
  if (named.length === 0) throw new ServiceError('not_a_member', `${target} is not another member of ${call.cid}`);
  if (!named.some(takesPart)) throw new ServiceError('not_ringing', `${target} is not in this call`);
  return named;
}

/** Delivers a signal to one member: to all that ring, or to all connections of the handset that takes part. */
const deliverTo = (deps: DeliverSignalDeps) => {
  const send = sendToUser(deps);
  return async (call: Call, member: Member, signal: Signal): Promise<void> => {
    const { cid } = call;
    const { userId, ringId, ringExpiresAt, handset } = member;
    const events = [{ type: 'signal' as const, cid, signal }];
    const isRung = member.state === 'ringing';
    const latest = isRung ? undefined : handset?.connectionId;
    const [first] = await Promise.all([
      // The latest connection of the handset, as far as the call knows: usually the only one, and open.
      latest !== undefined && deps.peers.send({ id: latest, userId, dialect: 'native' }, events),
      deps.mailbox.keep({ cid, userId, ringId }, signal, isRung ? ringExpiresAt : undefined),
    ]);
    // After it was kept: a connection that opens meanwhile finds it in the mailbox, or is among these.
    const others = await send({
      userId,
      call,
      events,
      to: (connections) =>
        (isRung ? connections : connectionsOf(member, connections)).filter(
          ({ id }) => id !== latest || first !== 'sent',
        ),
    });
    const reached = first === 'sent' || others.some(({ delivery }) => delivery === 'sent');
    if (!isRung && !reached && (first === 'gone' || others.length > 0)) await watchForReturn(deps, [cid], userId);
  };
};

import { type Call, connectionsOf, isIn, type Member, memberOf } from '#domain/call/call.ts';
import { ServiceError } from '#domain/errors.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import type { CallStore } from '#ports/call-store.ts';
import type { Mailbox, Signal } from '#ports/mailbox.ts';
import { type Connection, hears, type PresenceStore } from '#ports/presence-store.ts';
import { allOf } from '../connections/all-of.ts';
import { type SendToUserDeps, type Sent, sendToConnections } from '../connections/send-to-user.ts';
import type { Reads } from './expected-connections.ts';

export interface DeliverSignalDeps extends SendToUserDeps {
  readonly calls: CallStore;
  readonly mailbox: Mailbox;
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
  /** Connections that are being read already. */
  readonly reads?: Reads;
}

/** Whether signals may be for this member, or from them. */
export const takesPart = (member: Member): boolean => isIn(member) || member.state === 'ringing';

/** Delivers a signal. It waits for a phone that is being woken, or for a handset that reconnects. What comes back is whom it is for. */
export const deliverSignal = (deps: DeliverSignalDeps) => {
  const deliver = deliverTo(deps);
  return async ({ call, from, type, body, seq, target, reads }: OutgoingSignal): Promise<readonly string[]> => {
    const signal: Signal = {
      type,
      body,
      from: from.userId,
      at: deps.clock(),
      ...(from.name !== undefined && { fromName: from.name }),
      ...(seq !== undefined && { seq }),
    };
    const sender = memberOf(call, from.userId);
    // Whoever signals before they answer may be answering at this moment: what is told with the answer waits for both.
    const isSettled = sender !== undefined && isIn(sender);
    const targets = targetsOf(call, from.userId, target);
    await Promise.all(targets.map((member) => deliver(call, member, signal, { isSettled, reads })));
    return targets.map(({ userId }) => userId);
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

/** Delivers a signal to one member: to all connections while they ring, then to those of the handset that takes part. */
const deliverTo = (deps: DeliverSignalDeps) => {
  const send = sendToConnections(deps);
  return async (
    call: Call,
    member: Member,
    signal: Signal,
    { isSettled, reads }: { readonly isSettled: boolean; readonly reads: Reads | undefined },
  ): Promise<void> => {
    const { cid } = call;
    const { userId, ringId, ringExpiresAt } = member;
    const isRung = member.state === 'ringing';
    const targets = async (read = deps.presence.connections(userId)): Promise<readonly Connection[]> => {
      const hearing = (await read).filter((on) => hears(on, cid));
      if (!isRung) return connectionsOf(member, hearing);
      // Whoever does not hear a ring hears nothing of what comes with it; who answers all the same finds it kept.
      return member.unheard === undefined ? hearing : [];
    };
    const tell = (now: Call, connections: readonly Connection[]): Promise<Sent[]> =>
      send({ userId, call, events: [{ type: 'signal' as const, cid, call: now, signal }] }, connections);
    const [early] = await allOf([
      // Nobody who is connected waits until the signal is kept.
      isSettled ? targets(reads?.get(userId)).then((connections) => tell(call, connections)) : [],
      deps.mailbox.keep({ cid, userId, ringId }, signal, isRung ? ringExpiresAt : undefined),
    ]);
    // A dialect that says it later looks for it where it is kept, and may have looked before it was.
    const told = new Set(early.flatMap(({ connection, delivery }) => (delivery === 'sent' ? [connection.id] : [])));
    // Looked at again now that it is kept: a connection that opens from now on finds it in the mailbox, or is among these.
    const [connections, now = call] = await Promise.all([targets(), isSettled ? call : deps.calls.find(cid)]);
    await tell(
      now,
      connections.filter(({ id }) => !told.has(id)),
    );
  };
};

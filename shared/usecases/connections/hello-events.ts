import { type Call, callTokenExpiry, isCaller, isRinging, memberOf } from '#domain/call/call.ts';
import { endOfRing } from '#domain/call/end-of-ring.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import type { Clock } from '#domain/time.ts';
import type { CallEvent, Connected } from '#ports/call-event.ts';
import type { IceServers } from '#ports/ice-servers.ts';
import type { Mailbox } from '#ports/mailbox.ts';
import type { TokenMint } from '#ports/tokens.ts';

export interface HelloEventsDeps {
  readonly mailbox: Mailbox;
  readonly mint: TokenMint;
  readonly iceServers: IceServers;
  readonly clock: Clock;
}

/** The user of a connection that opens. */
export type Newcomer = UserPrincipal & { readonly connectionId: string };

/** A call that may concern a connection, and whether that connection is the handset that answered it. */
export interface Waiting {
  readonly call: Call;
  readonly answering: boolean;
}

/** Everything that a connection is told when it opens, in order. */
export const helloEvents =
  (deps: HelloEventsDeps) =>
  async (user: Newcomer, waiting: readonly Waiting[]): Promise<CallEvent[]> => {
    const [connected, ...about] = await Promise.all([
      connectedEvent(deps, user, waiting),
      ...waiting.map((one) => eventsOf(deps, user, one)),
    ]);
    return [connected, ...about.flat()];
  };

async function connectedEvent(
  { mint, clock, iceServers }: HelloEventsDeps,
  user: Newcomer,
  waiting: readonly Waiting[],
): Promise<Connected> {
  const { userId, name, connectionId } = user;
  const own = waiting.find(
    ({ call, answering }) => call.cid === user.cid && call.status !== 'ended' && (answering || user.kind === 'call'),
  );
  const callToken = own && (await mint.call({ ...user, cid: own.call.cid }, callTokenExpiry(clock())));
  return {
    type: 'user.connected',
    at: clock(),
    connectionId,
    user: { id: userId, ...(name !== undefined && { name }) },
    iceServers: await iceServers(userId),
    ...(callToken !== undefined && { callToken }),
  };
}

/** What a connection has to hear of one call: its ring and the signals kept for it, or what ended its ring not long ago. */
async function eventsOf(
  { mailbox, clock }: HelloEventsDeps,
  { userId }: Newcomer,
  { call, answering }: Waiting,
): Promise<CallEvent[]> {
  const at = clock();
  const member = memberOf(call, userId);
  const changed = new Set([userId]);
  const kept = async (): Promise<CallEvent[]> =>
    (await mailbox.read(call.cid, userId)).map((signal) => ({ type: 'signal', cid: call.cid, signal }));
  if (member && call.status !== 'ended') {
    if (isRinging(member, at)) return [{ type: 'call.ring', at, call, changed }, ...(await kept())];
    if (answering || isCaller(call, userId)) return kept();
  }
  const end = endOfRing(call, userId, at);
  return end ? [{ ...end, at, call, changed }] : [];
}

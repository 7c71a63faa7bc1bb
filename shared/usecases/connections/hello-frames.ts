import { type Call, isCaller, isRinging, memberOf } from '#domain/call/call.ts';
import { endOfRing } from '#domain/call/end-of-ring.ts';
import type { UserPrincipal } from '#domain/identity.ts';
import { type Clock, iso, later } from '#domain/time.ts';
import type { IceServers } from '#ports/ice-servers.ts';
import type { Mailbox } from '#ports/mailbox.ts';
import type { TokenMint } from '#ports/tokens.ts';
import { actor, ringFrame, signalFrame, stateEventFrame } from '#wire/socket/native/encode.ts';
import { CALL_TOKEN_MS } from '../calls/accept-call.ts';

export interface HelloFramesDeps {
  readonly mailbox: Mailbox;
  readonly mint: TokenMint;
  readonly iceServers: IceServers;
  readonly clock: Clock;
}

/** A call that may concern a connection, and whether that is the device which answered it. */
export interface Waiting {
  readonly call: Call;
  readonly answering: boolean;
}

/** Everything that a connection is told when it opens, in order. */
export async function helloFrames(
  deps: HelloFramesDeps,
  user: UserPrincipal,
  waiting: readonly Waiting[],
): Promise<object[]> {
  const [connected, ...about] = await Promise.all([
    connectedFrame(deps, user, waiting),
    ...waiting.map((one) => framesOf(deps, user, one)),
  ]);
  return [connected, ...about.flat()];
}

async function connectedFrame(
  { mint, clock, iceServers }: HelloFramesDeps,
  user: UserPrincipal,
  waiting: readonly Waiting[],
): Promise<object> {
  const own = waiting.find(
    ({ call, answering }) => call.cid === user.cid && call.status !== 'ended' && (answering || user.kind === 'call'),
  );
  const callToken = own && (await mint.call({ ...user, cid: own.call.cid }, later(clock(), CALL_TOKEN_MS)));
  return {
    type: 'user.connected',
    created_at: iso(clock()),
    connection_id: user.connectionId,
    user: { ...actor(user.userId, user.name), online: true },
    ice_servers: await iceServers(user.userId),
    server_time: iso(clock()),
    ...(callToken !== undefined && { call_token: callToken }),
  };
}

/** What a connection has to hear of one call: its ring and signals, or what ended its ring not long ago. */
async function framesOf(
  { mailbox, clock }: HelloFramesDeps,
  user: UserPrincipal,
  { call, answering }: Waiting,
): Promise<object[]> {
  const now = clock();
  const member = memberOf(call, user.userId);
  const kept = async () => (await mailbox.read(call.cid, user.userId)).map((signal) => signalFrame(call.cid, signal));
  if (member && call.status !== 'ended') {
    if (isRinging(member, now)) return [ringFrame(call, user.userId, now), ...(await kept())];
    if (answering || isCaller(call, user.userId)) return kept();
  }
  const event = endOfRing(call, user.userId, now);
  return event ? [stateEventFrame(event, call, user, { at: now, changed: new Set([user.userId]) })] : [];
}

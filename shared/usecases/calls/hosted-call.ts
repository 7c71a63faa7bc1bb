import { randomUUID } from 'node:crypto';
import { type Call, channelOf, isHosted, isIn, memberOf } from '#domain/call/call.ts';
import { ServiceError } from '#domain/errors.ts';
import type { Principal, UserPrincipal } from '#domain/identity.ts';
import type { HostedPairs } from '#ports/hosted-pairs.ts';
import type { MediaCredential, MediaProvider } from '#ports/media-provider.ts';
import { type AcceptCallDeps, acceptCall } from './accept-call.ts';
import { makeWay } from './claim-members.ts';
import { type PlaceCallDeps, placeCall } from './place-call.ts';
import { readCall } from './read-call.ts';
import type { ReplaceCallDeps } from './replace-call.ts';

export interface HostedCallDeps extends PlaceCallDeps, AcceptCallDeps, ReplaceCallDeps {
  readonly media: MediaProvider;
  readonly hostedPairs: HostedPairs;
}

const AGORA = 'agora';

/** The cid of a hosted call. */
export const hostedCid = (id: string): string => `${AGORA}:${id}`;

export interface WantedHostedCall {
  readonly user: UserPrincipal;
  readonly calleeId: string;
  readonly video: boolean;
  /** The handset that the request names, if its token does not. */
  readonly hardwareId?: string | undefined;
}

/** A hosted call, and what its user joins the channel with. */
export interface HostedCall {
  readonly call: Call;
  readonly credential: MediaCredential;
}

/** Rings somebody by a call of two that a media provider carries. An answered one between the same two ends for it. */
export const startHostedCall = (deps: HostedCallDeps) => {
  const place = placeCall(deps);
  const pass = makeWay(deps);

  const endEarlier = async (call: Call, user: UserPrincipal, calleeId: string): Promise<void> => {
    if (call.status === 'ended') return;
    const { userId } = user;
    const cid = await deps.hostedPairs.find(userId, calleeId);
    const earlier = cid === undefined ? undefined : await deps.calls.find(cid);
    // One that was replaced would have another one after it by now, unless whoever replaced it crashed.
    if (earlier && (earlier.status !== 'ended' || earlier.replaced)) await pass(earlier, { caller: user });
    await deps.hostedPairs.put(userId, calleeId, { cid: call.cid, expiresAt: call.endsAt });
  };

  return async ({ user, calleeId, video, hardwareId }: WantedHostedCall): Promise<HostedCall> => {
    const id = randomUUID();
    const channelName = channelOf({ id });
    // Before anybody is rung: without a media provider there is nothing to answer.
    const credential = await deps.media.credential(channelName, user.userId);
    const custom = { [AGORA]: { session_id: id, channel_name: channelName } };
    const members = [{ userId: calleeId }];
    const { call } = await place({
      ...{ cid: hostedCid(id), user, members, video, custom, hardwareId },
      mediaProvider: AGORA,
    });
    await endEarlier(call, user, calleeId);
    return { call, credential };
  };
};

/** The hosted call of a cid as it stands now; another kind of call is none. */
export const readHostedCall = (deps: Pick<HostedCallDeps, 'calls' | 'clock'>) => {
  const read = readCall(deps);
  return async (cid: string, principal: Principal): Promise<Call> => {
    const call = await read(cid, principal);
    if (!isHosted(call)) throw new ServiceError('not_found', `there is no hosted call ${cid}`);
    return call;
  };
};

export interface JoinHostedCall {
  readonly cid: string;
  readonly user: UserPrincipal;
  /** The handset that the request names, if its token does not. */
  readonly hardwareId?: string | undefined;
}

export interface JoinedHostedCall extends HostedCall {
  /** Whether this request answered the call. */
  readonly isAnswer: boolean;
  readonly callToken?: string;
}

/** Gives a member what they join the channel with. To a callee it is the answer: their other phones fall silent. */
export const joinHostedCall = (deps: HostedCallDeps) => {
  const read = readHostedCall(deps);
  const accept = acceptCall(deps);
  return async ({ cid, user, hardwareId }: JoinHostedCall): Promise<JoinedHostedCall> => {
    const call = await read(cid, user);
    const credential = await deps.media.credential(channelOf(call), user.userId);
    if (isCallerIn(call, user.userId)) return { call, credential, isAnswer: false };
    const { isFirst, ...accepted } = await accept({ cid, user, hardwareId });
    return { ...accepted, credential, isAnswer: isFirst };
  };
};

/** Whether they are in the call without having answered it. */
function isCallerIn({ status, members }: Call, userId: string): boolean {
  const member = memberOf({ members }, userId);
  return status !== 'ended' && member !== undefined && isIn(member) && member.state !== 'accepted';
}

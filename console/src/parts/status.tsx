import type { Call, Member } from '#client/wire.ts';
import type { MarkKind } from '../trace/mark.ts';
import { SignIcon } from '../trace/sign.tsx';

type State = Call['status'] | Member['state'] | NonNullable<Call['ended_reason']>;

/** A shape before each state, which tells it without colour. */
const SIGNS: Readonly<Record<State, MarkKind>> = {
  created: 'pending',
  ringing: 'rings',
  active: 'connected',
  ended: 'ended',
  completed: 'answered',
  rejected: 'declined',
  cancelled: 'ended',
  missed: 'missed',
  failed: 'failed',
  joined: 'connected',
  invited: 'pending',
  accepted: 'answered',
  busy: 'skipped',
  left: 'ended',
};

/** The state of a call or of a member, as a small label. */
export const Status = ({ of }: { readonly of: State }) => (
  <span class={`status status-${of}`}>
    <SignIcon kind={SIGNS[of]} size={13} /> {of}
  </span>
);

/** The state of a call: what it is now, or how it ended. */
export const CallStatus = ({ call }: { readonly call: Call }) => (
  <Status of={call.status === 'ended' ? (call.ended_reason ?? 'ended') : call.status} />
);

import type { Call, Member } from '#client/wire.ts';

/** A sign before each state, which tells it without colour. */
const SIGNS: Readonly<Record<Call['status'] | Member['state'] | NonNullable<Call['ended_reason']>, string>> = {
  created: '○',
  ringing: '◔',
  active: '●',
  ended: '◌',
  completed: '✓',
  rejected: '⊖',
  cancelled: '⊗',
  missed: '⧖',
  failed: '✕',
  joined: '●',
  invited: '○',
  accepted: '✓',
  busy: '⊘',
  left: '◌',
};

/** The state of a call or of a member, as a small label. */
export const Status = ({ of }: { readonly of: keyof typeof SIGNS }) => (
  <span class={`status status-${of}`}>
    <span aria-hidden="true">{SIGNS[of]}</span> {of}
  </span>
);

/** The state of a call: what it is now, or how it ended. */
export const CallStatus = ({ call }: { readonly call: Call }) => (
  <Status of={call.status === 'ended' ? (call.ended_reason ?? 'ended') : call.status} />
);

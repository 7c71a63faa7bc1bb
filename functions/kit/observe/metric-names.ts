/** The namespace of all our metrics in CloudWatch. */
export const NAMESPACE = 'Carillon';

/** Metrics by their names in CloudWatch. All have the dimension `stage`; the comments name the others. */
export const METRIC = {
  /** Rings of members. */
  membersRung: 'MembersRung',
  /** Milliseconds until a push service took a ring; also by `provider`. */
  ringToPush: 'RingToPush',
  /** Attempts at pushes, by `provider`, and by `provider` and `outcome`. */
  pushAttempts: 'PushAttempts',
  /** Push providers that refuse everything, counted each time that one was asked in vain; also by `provider`. */
  providersFailing: 'ProvidersFailing',
  /** Callees none of whose phones can ring, by `reason`. */
  calleesUnreachable: 'CalleesUnreachable',
  /** Phones that could not be silenced. */
  stopsFailed: 'StopsFailed',
  /** WebSockets refused with 401; also by `dialect`. */
  connectionsRefused: 'ConnectionsRefused',
  /** Milliseconds that the ring hook took. */
  ringHookTime: 'RingHookTime',
  /** Rings whose hook did not answer in time, or not what it should. */
  ringHookFailures: 'RingHookFailures',
  /** Connections opened, by `dialect`. */
  connectionsOpened: 'ConnectionsOpened',
  /** Frames that clients sent, by `dialect`. */
  framesReceived: 'FramesReceived',
  /** Frames that were refused, by `dialect`. */
  framesRefused: 'FramesRefused',
  /** Requests that gave up on a call that kept changing. */
  contended: 'Contended',
  /** Rows of the table that could not be read and were left out. */
  rowsUnreadable: 'RowsUnreadable',
  /** Requests answered with `internal`. */
  internalErrors: 'InternalErrors',
} as const;

/** How an attempt at a push ended. */
export const ATTEMPT_OUTCOMES = [
  'accepted',
  /** The token is dead and was removed. */
  'dead_token',
  /** The push service says that these are too many pushes. */
  'throttled',
  /** The push service answered 5xx, or did not answer in time. */
  'unavailable',
  /** Because of topic, credentials or payload, so most likely by our own fault; or not even sent, because the provider refuses everything. */
  'refused',
] as const;
export type AttemptOutcome = (typeof ATTEMPT_OUTCOMES)[number];

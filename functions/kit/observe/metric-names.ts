/** The namespace of every figure of ours in CloudWatch. */
export const NAMESPACE = 'Carillon';

/** Figures by their names in CloudWatch. All have the dimension `stage`; which others, is said here. */
export const METRIC = {
  /** Rings of members. */
  membersRung: 'MembersRung',
  /** Milliseconds until a push service took a ring; also by `provider`. */
  ringToPush: 'RingToPush',
  /** Attempts at pushes, by `provider`, and by `provider` and `outcome`. */
  pushAttempts: 'PushAttempts',
  /** Push providers that refuse everything, once for each time that one was asked in vain; also by `provider`. */
  providersFailing: 'ProvidersFailing',
  /** Callees of whom nothing can ring, by `reason`. */
  calleesUnreachable: 'CalleesUnreachable',
  /** Phones that could not be silenced. */
  stopsFailed: 'StopsFailed',
  /** WebSockets refused with 401. */
  connectionsRefused: 'ConnectionsRefused',
  /** Requests that gave up on a call that kept changing. */
  contended: 'Contended',
  /** Rows of the table that could not be read and were left out. */
  rowsUnreadable: 'RowsUnreadable',
  /** Requests answered with `internal`. */
  internalErrors: 'InternalErrors',
} as const;

/** How an attempt at a push ended. */
export type AttemptOutcome =
  | 'accepted'
  /** The token is dead and was removed. */
  | 'dead_token'
  /** The push service answered 5xx, or nothing in time. */
  | 'unavailable'
  /** Too many pushes, says the push service. */
  | 'throttled'
  /** Topic, credentials or payload: our own fault, most likely; or not even sent, since the provider refuses everything. */
  | 'refused';

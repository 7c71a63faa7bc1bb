/** Why a request did not come back with an answer. */
export type OutgoingFault = 'not_https' | 'private_address' | 'timed_out' | 'too_large' | 'unreachable';

/** A request that has no answer. Its message names the host at most, never a path or a query. */
export class OutgoingError extends Error {
  readonly fault: OutgoingFault;

  constructor(fault: OutgoingFault, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'OutgoingError';
    this.fault = fault;
  }
}

/** A request to an address that somebody outside of this service has chosen. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For everything: the name, the connection, and the answer to its last byte. */
  readonly timeoutMs: number;
  /** How long the answer may be; `status alone`: nothing behind its headers is waited for. */
  readonly maxBytes: number | 'status alone';
  /** Whether `http:` is taken where a private network is reached that the function may reach. @default false */
  readonly plainOnPrivate?: boolean;
}

export interface OutgoingAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/**
 * Requests that cannot be turned against the network they are made from. They go to public addresses, looked at when
 * the connection is made, and to the private networks that the function may reach. A redirect is an answer like any other.
 */
export interface Outgoing {
  /** Sends a request; throws an `OutgoingError` if there is no answer. */
  send(request: OutgoingRequest): Promise<OutgoingAnswer>;
}

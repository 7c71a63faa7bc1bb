import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { GracefulSession } from '../../push/graceful-session.ts';
import type { Outcome } from '../../push/scripted-outcomes.ts';
import type { RelayedConnection } from '../network/relayed-connection.ts';
import type { Fault, FaultOf } from './fault.ts';

/** A request and its connection. */
export interface Target {
  readonly request: Http2ServerRequest;
  readonly response: Http2ServerResponse;
  readonly connection: RelayedConnection | undefined;
  /** Only over HTTP/2. */
  readonly graceful: GracefulSession | undefined;
}

/** Applies a fault to a request. False if the request is lost. */
export function applyToRequest(fault: Fault, target: Target): boolean {
  switch (fault.fault) {
    case 'answer':
    case 'slow':
    case 'no_answer':
    case 'idle_close':
      return true;
    case 'goaway':
      return applyGoaway(fault, target);
    case 'refuse_stream':
      refuse(target);
      return false;
    case 'close':
    case 'reset':
    case 'silence':
    case 'down':
      applyToConnection(fault, target.connection);
      return false;
  }
}

/** The outcome that a fault asks for, for a request that it lets through. */
export function outcomeOf(fault: Fault | undefined): Outcome | undefined {
  if (fault?.fault === 'slow') return { status: 200, delay_ms: fault.delay_ms };
  if (fault?.fault === 'no_answer') return { status: 200, drop: 'silent', delivered: fault.delivered };
  if (fault?.fault !== 'answer') return undefined;
  const { status, reason, retry_after } = fault;
  return { status, ...(reason !== undefined && { reason }), ...(retry_after !== undefined && { retry_after }) };
}

/** Applies a fault to a whole connection. */
export function applyToConnection({ fault }: Fault, connection: RelayedConnection | undefined): void {
  if (fault === 'close') connection?.end();
  if (fault === 'silence') connection?.forget();
  if (fault === 'reset' || fault === 'down') connection?.reset();
}

function applyGoaway(fault: FaultOf<'goaway'>, target: Target): boolean {
  const { request, response, connection, graceful } = target;
  if (!graceful) {
    // HTTP/1.1 has no GOAWAY. The closest thing is to close the connection after the answer, or before it.
    if (fault.processed) response.setHeader('connection', 'close');
    else connection?.end();
    return fault.processed;
  }
  const id = request.stream.id ?? 1;
  // Node takes a last stream id of 0 for the latest one, so the first stream of a connection is refused explicitly.
  if (!fault.processed && id === 1) refuse(target);
  graceful.goaway(fault.code, fault.reason, fault.processed ? id : id - 2);
  return fault.processed;
}

function refuse({ request, connection }: Target): void {
  if (request.httpVersionMajor === 2) request.stream.close(constants.NGHTTP2_REFUSED_STREAM);
  else connection?.reset();
}

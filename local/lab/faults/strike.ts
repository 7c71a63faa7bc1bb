import { constants, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2';
import type { GracefulSession } from '../../push/graceful-session.ts';
import type { Outcome } from '../../push/scripted-outcomes.ts';
import type { RelayedConnection } from '../network/relayed-connection.ts';
import type { Fault, FaultOf } from './fault.ts';

/** A request with the connection that it came over. */
export interface Target {
  readonly request: Http2ServerRequest;
  readonly response: Http2ServerResponse;
  readonly connection: RelayedConnection | undefined;
  /** Over HTTP/2. */
  readonly life: GracefulSession | undefined;
}

/** Lets a fault strike a request; false where the request is lost with it. */
export function strikeRequest(fault: Fault, target: Target): boolean {
  switch (fault.fault) {
    case 'answer':
    case 'slow':
    case 'no_answer':
    case 'idle_close':
      return true;
    case 'goaway':
      return strikeByGoaway(fault, target);
    case 'refuse_stream':
      refuse(target);
      return false;
    case 'close':
    case 'reset':
    case 'silence':
    case 'down':
      strikeConnection(fault, target.connection);
      return false;
  }
}

/** What a fault makes of the answer to a request that it lets through. */
export function outcomeOf(fault: Fault | undefined): Outcome | undefined {
  if (fault?.fault === 'slow') return { status: 200, delay_ms: fault.delay_ms };
  if (fault?.fault === 'no_answer') return { status: 200, drop: 'silent', delivered: fault.delivered };
  if (fault?.fault !== 'answer') return undefined;
  const { status, reason, retry_after } = fault;
  return { status, ...(reason !== undefined && { reason }), ...(retry_after !== undefined && { retry_after }) };
}

/** Lets a fault strike a connection as a whole. */
export function strikeConnection({ fault }: Fault, connection: RelayedConnection | undefined): void {
  if (fault === 'close') connection?.end();
  if (fault === 'silence') connection?.forget();
  if (fault === 'reset' || fault === 'down') connection?.reset();
}

function strikeByGoaway(fault: FaultOf<'goaway'>, target: Target): boolean {
  const { request, response, connection, life } = target;
  if (!life) {
    // HTTP/1.1 knows no GOAWAY: the nearest thing is a connection that is closed after the answer, or before it.
    if (fault.processed) response.setHeader('connection', 'close');
    else connection?.end();
    return fault.processed;
  }
  const id = request.stream.id ?? 1;
  // Node takes a last stream id of 0 for the latest one, so the first stream of a connection is refused by name.
  if (!fault.processed && id === 1) refuse(target);
  life.goaway(fault.code, fault.reason, fault.processed ? id : id - 2);
  return fault.processed;
}

function refuse({ request, connection }: Target): void {
  if (request.httpVersionMajor === 2) request.stream.close(constants.NGHTTP2_REFUSED_STREAM);
  else connection?.reset();
}

import type { UsageReport } from '#local/lab/metering/usage.ts';

/** The bytes of a typical line of the APIs' access logs, with the 26 that CloudWatch Logs adds. A test builds these lines from the formats in the template. */
export const ACCESS_LOG_BYTES = { frame: 197, request: 235 };

/** How many lines a WebSocket API writes: for each frame of a client, for each connection that opens, and for each that closes. */
export const frameLines = (frames: number, connections: number): number => frames + 2 * connections;

/** What the access logs of the APIs would have, with the stage setting `frameLogs`. */
export const accessLogBytes = ({ websocket, http }: Pick<UsageReport, 'websocket' | 'http'>): number =>
  frameLines(websocket.messages_in, websocket.connections) * ACCESS_LOG_BYTES.frame +
  http.requests * ACCESS_LOG_BYTES.request;

import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

export interface AccessLogProps {
  readonly logRetention: RetentionDays;
}

/** Where an API logs who came and what they got. */
export const accessLogs = (scope: Construct, retention: RetentionDays): LogGroup =>
  new LogGroup(scope, 'AccessLogs', { retention, removalPolicy: RemovalPolicy.DESTROY });

/** A line of an access log: no query string, no header, no body, since tokens travel in them. */
const line = (fields: Record<string, string>): AccessLogFormat =>
  AccessLogFormat.custom(
    JSON.stringify(
      Object.fromEntries(Object.entries(fields).map(([name, variable]) => [name, `$context.${variable}`])),
    ),
  );

/** A line of the WebSocket API's log. */
export const WEBSOCKET_LOG = line({
  request_id: 'requestId',
  at: 'requestTime',
  event: 'eventType',
  route: 'routeKey',
  connection_id: 'connectionId',
  status: 'status',
  error: 'error.message',
});

/** A line of the HTTP API's log. */
export const HTTP_LOG = line({
  request_id: 'requestId',
  at: 'requestTime',
  method: 'httpMethod',
  path: 'path',
  status: 'status',
  latency_ms: 'responseLatency',
  error: 'error.message',
});

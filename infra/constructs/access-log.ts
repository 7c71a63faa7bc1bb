import { RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

export interface AccessLogProps {
  readonly logRetention: RetentionDays;
}

/** The log group of an API's access log. */
export const accessLogs = (scope: Construct, retention: RetentionDays): LogGroup =>
  new LogGroup(scope, 'AccessLogs', { retention, removalPolicy: RemovalPolicy.DESTROY });

/** The format of an access log. It has no query string, header or body, since tokens travel in them. */
const format = (fields: Record<string, string>): AccessLogFormat =>
  AccessLogFormat.custom(
    JSON.stringify(
      Object.fromEntries(Object.entries(fields).map(([name, variable]) => [name, `$context.${variable}`])),
    ),
  );

/** The access log of the WebSocket API. */
export const WEBSOCKET_LOG = format({
  request_id: 'requestId',
  at: 'requestTime',
  event: 'eventType',
  route: 'routeKey',
  connection_id: 'connectionId',
  status: 'status',
  error: 'error.message',
});

/** The access log of the HTTP API. */
export const HTTP_LOG = format({
  request_id: 'requestId',
  at: 'requestTime',
  method: 'httpMethod',
  path: 'path',
  status: 'status',
  latency_ms: 'responseLatency',
  error: 'error.message',
});

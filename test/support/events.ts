import type { APIGatewayProxyEventV2, APIGatewayProxyWebsocketEventV2 } from 'aws-lambda';

/** A request to the HTTP API. */
export interface HttpRequest {
  readonly method?: string;
  readonly path: string;
  readonly query?: Record<string, string>;
  readonly token?: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
  /** Whether API Gateway hands the body on in base64, as it does if it takes it for binary. */
  readonly base64?: boolean;
}

/** The event that API Gateway makes of a request, with the fields that the http function reads. */
export function httpEvent(request: HttpRequest): APIGatewayProxyEventV2 {
  const { method = 'POST', path, query, token, headers, body, base64 = false } = request;
  const event = {
    requestContext: { http: { method, path } },
    headers: { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
    ...(query && { queryStringParameters: query }),
    ...(body !== undefined && { body: base64 ? Buffer.from(body).toString('base64') : body }),
    isBase64Encoded: base64,
  };
  // The function reads no other field.
  return event as unknown as APIGatewayProxyEventV2;
}

/** The event that API Gateway makes of a frame by a user with a login, with the fields that the functions read. */
export function frameEvent(userId: string, connectionId: string, body: string): APIGatewayProxyWebsocketEventV2 {
  const authorizer = { user_id: userId, kind: 'login', token_fingerprint: `${userId}-fingerprint` };
  const event = { requestContext: { connectionId, authorizer }, body, isBase64Encoded: false };
  // The functions read no other field.
  return event as unknown as APIGatewayProxyWebsocketEventV2;
}

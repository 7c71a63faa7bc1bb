import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';

export type Reply = APIGatewayProxyStructuredResultV2;

/** A JSON answer. */
export const json = (statusCode: number, body: object): Reply => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
});

/** An answer without a body. */
export const empty = (statusCode: number): Reply => ({ statusCode });

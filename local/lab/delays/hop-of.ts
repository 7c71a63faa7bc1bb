import type { IncomingMessage } from 'node:http';
import type { Hop } from './aws-delays.ts';

/** By the header `x-amz-target` of a request, without the version of the API. */
const BY_ACTION: Readonly<Record<string, Hop>> = {
  'DynamoDB.GetItem': 'dynamodb_read',
  'DynamoDB.BatchGetItem': 'dynamodb_read',
  'DynamoDB.Query': 'dynamodb_read',
  'DynamoDB.PutItem': 'dynamodb_write',
  'DynamoDB.UpdateItem': 'dynamodb_write',
  'DynamoDB.DeleteItem': 'dynamodb_write',
  'DynamoDB.BatchWriteItem': 'dynamodb_batch_write',
  'DynamoDB.TransactWriteItems': 'dynamodb_transaction',
  'AmazonSQS.SendMessage': 'sqs_send',
  'AmazonSQS.SendMessageBatch': 'sqs_send',
};

/** What a request to one of AWS's services waits for before it is handled. */
export function hopOf({
  method,
  url = '',
  headers,
}: Pick<IncomingMessage, 'method' | 'url' | 'headers'>): Hop | undefined {
  if (method === 'POST' && decodeURIComponent(url).includes('/@connections/')) return 'post';
  return BY_ACTION[String(headers['x-amz-target']).replace(/_\d+\./, '.')];
}

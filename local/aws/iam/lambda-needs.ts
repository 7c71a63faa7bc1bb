import { streamMappings } from '../dynamodb-streams/stream-mapping.ts';
import { functionNamed } from '../lambda/invocation.ts';
import { mappingSpecs } from '../sqs/queue-spec.ts';
import type { Find } from '../template/template.ts';
import type { Guard } from './guard.ts';
import type { Role } from './roles.ts';

/** What Lambda itself does by the role of a function: it polls the queues and streams that invoke it, and writes its log. */
export function requireLambdaNeeds(find: Find, guard: Pick<Guard, 'require'>, roles: ReadonlyMap<string, Role>): void {
  const functions = [...roles.keys()].map((name) => ({ name }));
  const require = (named: string, service: string, actions: readonly string[], resource: string): void => {
    const { name = named } = functionNamed(functions, named) ?? {};
    guard.require(
      name,
      actions.map((action) => ({ action: `${service}:${action}`, resource })),
    );
  };
  for (const [name, { logGroup }] of roles)
    if (logGroup !== undefined)
      require(name, 'logs', ['CreateLogStream', 'PutLogEvents'], `${logGroup}:log-stream:local`);
  for (const { functionName, queueArn } of mappingSpecs(find))
    require(functionName, 'sqs', ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'], queueArn);
  for (const { functionName, streamArn, onFailure } of streamMappings(find)) {
    require(functionName, 'dynamodb', ['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'], streamArn);
    if (onFailure !== undefined) require(functionName, 'sqs', ['SendMessage'], onFailure);
  }
}

import type { Usage } from '../../lab/metering/usage.ts';
import { functionNamed, type LambdaFunction } from '../lambda/invocation.ts';
import type { Find } from '../template/template.ts';
import { connectEventSource } from './event-source.ts';
import { type Disorder, openQueue, type Queue } from './queue.ts';
import { mappingSpecs, queueSpecs } from './queue-spec.ts';

/** All queues of the stack, connected to their functions. */
export interface Queues {
  readonly all: readonly Queue[];
  readonly disorder: Disorder;
  /** The queue for messages that `queue` could not deliver. */
  deadLettersOf(queue: Queue): Queue | undefined;
}

/** Opens the template's queues and connects the functions that read them. */
export function openQueues(
  find: Find,
  functions: readonly LambdaFunction[],
  usage: Pick<Usage, 'queueRequest'>,
  log: (line: string) => void,
  hopMs?: () => number,
): Queues {
  const disorder: Disorder = { duplicate: false, shuffle: false };
  const byArn = new Map<string, Queue>();
  const deadLettersOf = ({ spec }: Pick<Queue, 'spec'>) => byArn.get(spec.redrive?.deadLetterArn ?? '');
  for (const spec of queueSpecs(find))
    byArn.set(
      spec.arn,
      openQueue(spec, disorder, () => deadLettersOf({ spec }), hopMs),
    );
  for (const mapping of mappingSpecs(find)) {
    const queue = byArn.get(mapping.queueArn);
    const target = functionNamed(functions, mapping.functionName);
    if (!queue || !target)
      throw new Error(
        `event source mapping ${mapping.queueArn} → ${mapping.functionName}: queue or function not found`,
      );
    connectEventSource(queue, mapping, target, usage, log);
  }
  return { all: [...byArn.values()], disorder, deadLettersOf };
}

import { z } from 'zod';
import type { Queue, QueueState } from '../../aws/sqs/queue.ts';
import type { Queues } from '../../aws/sqs/queues.ts';
import { displayName } from '../../aws/template/display-name.ts';

const disorder = z.object({ duplicate: z.boolean().optional(), shuffle: z.boolean().optional() });
const injected = z.object({ body: z.string(), delay_s: z.number().min(0).max(900).optional() });

const label = ({ spec }: Queue): string => displayName(spec.name);

/** The queues that work is sent to. A dead-letter queue is shown with the queue it belongs to. */
const workQueues = ({ all }: Queues): Queue[] => all.filter(({ spec }) => spec.redrive);

type WorkQueueState = Omit<QueueState, 'bodies'> & { readonly dead: readonly string[] };

/** What is in every queue. */
export function queueStates(queues: Queues): Record<string, WorkQueueState> {
  return Object.fromEntries(
    workQueues(queues).map((queue) => {
      const { visible, in_flight, delayed } = queue.state();
      return [label(queue), { visible, in_flight, delayed, dead: queues.deadLettersOf(queue)?.state().bodies ?? [] }];
    }),
  );
}

/** From now on, makes the queues deliver twice or out of order. */
export function changeDisorder({ disorder: current }: Queues, body: unknown): object {
  const { duplicate, shuffle } = disorder.parse(body);
  if (duplicate !== undefined) current.duplicate = duplicate;
  if (shuffle !== undefined) current.shuffle = shuffle;
  return current;
}

/** Puts any message into a queue. */
export function injectMessage(queues: Queues, name: string, request: unknown): object {
  const { body, delay_s } = injected.parse(request);
  const queue = workQueues(queues).find((candidate) => label(candidate) === name);
  if (!queue) throw new Error(`there is no queue ${name}`);
  return { message_id: queue.send({ body }, delay_s).id };
}

import { z } from 'zod';
import { mappingProperties } from '../lambda/mapping-properties.ts';
import type { Find } from '../template/template.ts';

/** A queue as the template declares it. */
export interface QueueSpec {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly visibilityMs: number;
  readonly delayS: number;
  /** Whether messages have groups. @default false */
  readonly fifo?: boolean;
  readonly redrive: { readonly deadLetterArn: string; readonly maxReceiveCount: number } | undefined;
}

/** A function's subscription to a queue. */
export interface MappingSpec {
  readonly queueArn: string;
  /** Name or ARN, perhaps with an alias behind it. */
  readonly functionName: string;
  readonly batchSize: number;
  readonly partialFailures: boolean;
  /** How many batches are with the function at once; of a queue with groups, as many as there are groups. */
  readonly pollers: number;
}

const queue = z.object({
  FifoQueue: z.coerce.boolean().default(false),
  ContentBasedDeduplication: z.literal(false, 'the local stack wants ids of the sender').optional(),
  DeduplicationScope: z.literal('queue').optional(),
  VisibilityTimeout: z.coerce.number().default(30),
  DelaySeconds: z.coerce.number().default(0),
  RedrivePolicy: z.object({ deadLetterTargetArn: z.string(), maxReceiveCount: z.coerce.number() }).optional(),
});

const mapping = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.coerce.number().default(10),
  MaximumBatchingWindowInSeconds: z.literal(0, 'the local stack does not support batching windows').optional(),
  FilterCriteria: z.undefined('the local stack does not support filters').optional(),
  FunctionResponseTypes: z.array(z.string()).default([]),
  ScalingConfig: z.object({ MaximumConcurrency: z.coerce.number().min(2) }).optional(),
});

/** In quiet times Lambda has two pollers for a queue. It adds more over minutes, which no test waits for. */
const POLLERS = 2;

/** Every queue of the template. */
export function queueSpecs(find: Find): QueueSpec[] {
  return find('AWS::SQS::Queue', queue).map(({ name, arn, ref, properties: of }) => ({
    name,
    arn,
    url: ref,
    visibilityMs: of.VisibilityTimeout * 1000,
    delayS: of.DelaySeconds,
    fifo: of.FifoQueue,
    redrive: of.RedrivePolicy && {
      deadLetterArn: of.RedrivePolicy.deadLetterTargetArn,
      maxReceiveCount: of.RedrivePolicy.maxReceiveCount,
    },
  }));
}

/** The functions that read queues. */
export const mappingSpecs = (find: Find): MappingSpec[] =>
  mappingProperties(find, 'sqs', mapping).map((of) => ({
    queueArn: of.EventSourceArn,
    functionName: of.FunctionName,
    batchSize: of.BatchSize,
    partialFailures: of.FunctionResponseTypes.includes('ReportBatchItemFailures'),
    pollers: POLLERS,
  }));

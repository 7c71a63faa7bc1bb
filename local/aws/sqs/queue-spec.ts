import { z } from 'zod';
import type { Find } from '../template/template.ts';

/** A queue as the template declares it. */
export interface QueueSpec {
  readonly name: string;
  readonly arn: string;
  readonly url: string;
  readonly visibilityMs: number;
  readonly delayS: number;
  readonly redrive: { readonly deadLetterArn: string; readonly maxReceiveCount: number } | undefined;
}

/** A function's subscription to a queue. */
export interface MappingSpec {
  readonly queueArn: string;
  /** Name or ARN, perhaps with an alias behind it. */
  readonly functionName: string;
  readonly batchSize: number;
  readonly partialFailures: boolean;
  /** How many batches are with the function at once. */
  readonly pollers: number;
}

const queue = z.object({
  FifoQueue: z.literal(false).optional(),
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
    redrive: of.RedrivePolicy && {
      deadLetterArn: of.RedrivePolicy.deadLetterTargetArn,
      maxReceiveCount: of.RedrivePolicy.maxReceiveCount,
    },
  }));
}

/** Every event source mapping of the template. */
export function mappingSpecs(find: Find): MappingSpec[] {
  return find('AWS::Lambda::EventSourceMapping', mapping).map(({ properties: of }) => ({
    queueArn: of.EventSourceArn,
    functionName: of.FunctionName,
    batchSize: of.BatchSize,
    partialFailures: of.FunctionResponseTypes.includes('ReportBatchItemFailures'),
    pollers: POLLERS,
  }));
}

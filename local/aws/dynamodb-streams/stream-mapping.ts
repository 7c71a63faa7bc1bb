import { z } from 'zod';
import { mappingProperties } from '../lambda/mapping-properties.ts';
import type { Find } from '../template/template.ts';
import { eventPattern, type Pattern } from './event-pattern.ts';

/** A function's subscription to the stream of a table. */
export interface StreamMapping {
  readonly tableName: string;
  /** As the template names the stream. */
  readonly streamArn: string;
  /** Name or ARN. */
  readonly functionName: string;
  readonly batchSize: number;
  /** How many batches are with the function at once, of different partitions. */
  readonly parallel: number;
  readonly bisects: boolean;
  readonly partialFailures: boolean;
  /** How often a batch that fails is tried again; -1: until its records are too old. */
  readonly retries: number;
  /** -1: as long as the stream has them. */
  readonly maxAgeMs: number;
  /** The queue that hears of batches that are given up. */
  readonly onFailure: string | undefined;
  /** A record that matches none of them goes to no function. Without any, all do. */
  readonly filters: readonly Pattern[];
}

const json = z.string().transform((text): unknown => JSON.parse(text));

const mapping = z.object({
  EventSourceArn: z.string(),
  FunctionName: z.string(),
  BatchSize: z.coerce.number().default(100),
  StartingPosition: z.literal('TRIM_HORIZON', 'the local stack starts at the beginning of a stream'),
  MaximumBatchingWindowInSeconds: z.literal(0, 'the local stack does not support batching windows').optional(),
  TumblingWindowInSeconds: z.undefined('the local stack does not support tumbling windows').optional(),
  ParallelizationFactor: z.coerce.number().default(1),
  BisectBatchOnFunctionError: z.coerce.boolean().default(false),
  MaximumRetryAttempts: z.coerce.number().default(-1),
  MaximumRecordAgeInSeconds: z.coerce.number().default(-1),
  DestinationConfig: z.object({ OnFailure: z.object({ Destination: z.string() }) }).optional(),
  FunctionResponseTypes: z.array(z.string()).default([]),
  FilterCriteria: z.object({ Filters: z.array(z.object({ Pattern: json.pipe(eventPattern) })) }).optional(),
});

/** The functions that read streams. */
export const streamMappings = (find: Find): StreamMapping[] =>
  mappingProperties(find, 'dynamodb', mapping).map((of) => ({
    tableName: of.EventSourceArn.split('/')[1] ?? '',
    streamArn: of.EventSourceArn,
    functionName: of.FunctionName,
    batchSize: of.BatchSize,
    parallel: of.ParallelizationFactor,
    bisects: of.BisectBatchOnFunctionError,
    partialFailures: of.FunctionResponseTypes.includes('ReportBatchItemFailures'),
    retries: of.MaximumRetryAttempts,
    maxAgeMs: of.MaximumRecordAgeInSeconds < 0 ? -1 : of.MaximumRecordAgeInSeconds * 1000,
    onFailure: of.DestinationConfig?.OnFailure.Destination,
    filters: of.FilterCriteria?.Filters.map(({ Pattern }) => Pattern) ?? [],
  }));

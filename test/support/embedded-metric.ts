import { z } from 'zod';
import { embeddedMeter } from '#kit/observe/meter.ts';
import type { Measurement } from '#ports/meter.ts';
import { NOON } from './builders.ts';

const DIMENSIONS = z.enum(['stage', 'provider', 'outcome', 'reason', 'dialect']);

const embedded = z.looseObject({
  _aws: z.strictObject({
    Timestamp: z.number().int().positive(),
    CloudWatchMetrics: z.tuple([
      z.strictObject({
        Namespace: z.literal('Carillon'),
        Dimensions: z.array(z.array(DIMENSIONS).min(1).max(30)).min(1),
        Metrics: z.tuple([z.strictObject({ Name: z.string().min(1), Unit: z.enum(['Count', 'Milliseconds']) })]),
      }),
    ]),
  }),
});

/** A metric as CloudWatch reads it from a log line. */
export interface EmbeddedMetric {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
  /** The sets of dimensions by which it is counted. */
  readonly sets: readonly (readonly string[])[];
  /** Everything else in the line: values of dimensions, and properties. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The lines that a measurement becomes in the log of a stage. */
export function embeddedLines(stage: string, measurement: Measurement): string[] {
  const lines: string[] = [];
  embeddedMeter(
    stage,
    () => NOON,
    (line) => lines.push(line),
  ).record(measurement);
  return lines;
}

/** Reads a line in CloudWatch's embedded metric format, or throws what is wrong with it. @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html */
export function readEmbedded(line: string): EmbeddedMetric {
  const { _aws, ...fields } = embedded.parse(JSON.parse(line));
  const [{ Dimensions: sets, Metrics }] = _aws.CloudWatchMetrics;
  const [{ Name: name, Unit: unit }] = Metrics;
  for (const dimension of sets.flat())
    z.string({ error: `no dimension ${dimension}` })
      .min(1)
      .max(1024)
      .parse(fields[dimension]);
  const value = z
    .number({ error: `no value ${name}` })
    .min(0)
    .parse(fields[name]);
  return { name, unit, value, sets, fields };
}

import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { z } from 'zod';

/** Reads the outputs of the service stack of a stage. An error says what to check. */
export async function stackOutputs<S extends z.ZodType>(stage: string, schema: S): Promise<z.output<S>> {
  const name = `Carillon-${stage}-Service`;
  try {
    const { Stacks = [] } = await new CloudFormationClient().send(new DescribeStacksCommand({ StackName: name }));
    const entries = Stacks.flatMap(({ Outputs = [] }) => Outputs).map(({ OutputKey, OutputValue }) => [
      OutputKey,
      OutputValue,
    ]);
    return schema.parse(Object.fromEntries(entries));
  } catch (error) {
    throw unusable(stage, error);
  }
}

/** An error that says what to check if the stack of a stage could not be used. */
export function unusable(stage: string, error: unknown): Error {
  const why = error instanceof Error ? error.message : String(error);
  return new Error(`Carillon-${stage}-Service cannot be used (${why}): check --stage, and AWS_PROFILE and AWS_REGION`);
}

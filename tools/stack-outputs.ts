import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { z } from 'zod';

/** The outputs with the address of a stage. */
export const address = {
  /** Of the edge, if the stage has one. */
  Url: z.url().optional(),
  HttpUrl: z.url(),
};

/** Where requests to a stage go. With an edge the API's own host refuses them. */
export const addressOf = ({ Url, HttpUrl }: { Url?: string | undefined; HttpUrl: string }): string => Url ?? HttpUrl;

/** Reads the outputs of the service stack of a stage, and of its edge stack if there is one. An error says what to check. */
export async function stackOutputs<S extends z.ZodType>(stage: string, schema: S): Promise<z.output<S>> {
  const client = new CloudFormationClient();
  const outputsOf = async (name: string) => {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: name }));
    return Stacks.flatMap(({ Outputs = [] }) => Outputs).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]);
  };
  try {
    const [service, edge] = await Promise.all([
      outputsOf(`Carillon-${stage}-Service`),
      outputsOf(`Carillon-${stage}-Edge`).catch((error: unknown) => (isMissing(error) ? [] : Promise.reject(error))),
    ]);
    return schema.parse(Object.fromEntries([...service, ...edge]));
  } catch (error) {
    throw unusable(stage, error);
  }
}

const isMissing = (error: unknown): boolean => error instanceof Error && error.message.endsWith('does not exist');

/** An error that says what to check if the stack of a stage could not be used. */
export function unusable(stage: string, error: unknown): Error {
  const why = error instanceof Error ? error.message : String(error);
  return new Error(`Carillon-${stage}-Service cannot be used (${why}): check --stage, and AWS_PROFILE and AWS_REGION`);
}

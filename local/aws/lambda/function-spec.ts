import { z } from 'zod';
import type { Assembly } from '../template/assembly.ts';
import type { Find } from '../template/template.ts';

/** A function as the template declares it. */
export interface FunctionSpec {
  readonly name: string;
  readonly arn: string;
  readonly handler: string;
  /** The bundled asset. */
  readonly directory: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  /** The least that its log has of what goes through `console`. */
  readonly logLevel: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Whether it may cause its own events without end. @default false */
  readonly recurses?: boolean;
}

const properties = z.object({
  Handler: z.string(),
  Code: z.object({ S3Key: z.string() }),
  Runtime: z.string(),
  Timeout: z.coerce.number().default(3),
  MemorySize: z.coerce.number().default(128),
  LoggingConfig: z
    .object({
      LogFormat: z.string().default('Text'),
      SystemLogLevel: z.string().default('INFO'),
      ApplicationLogLevel: z.string().default('INFO'),
    })
    .prefault({}),
  RecursiveLoop: z.enum(['Allow', 'Terminate']).default('Terminate'),
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()) }).default({ Variables: {} }),
});

/** The format and the level at which Lambda's own lines are played. */
const LOGS = 'JSON WARN';

const provided = z.object({ ServiceToken: z.string() });

/** Every function of the template, but for the one of CDK's that runs only while the template is deployed. */
export function functionSpecs(find: Find, assembly: Assembly): FunctionSpec[] {
  const deploying = new Set(find('Custom::CDKBucketDeployment', provided).map(({ properties: of }) => of.ServiceToken));
  const running = find('AWS::Lambda::Function', properties).filter(({ arn }) => !deploying.has(arn));
  const foreign = running.find(({ properties: of }) => !of.Runtime.startsWith('nodejs'));
  if (foreign) throw new Error(`${foreign.id}: the local stack does not run ${foreign.properties.Runtime}`);
  const wordy = running.find(
    ({ properties: { LoggingConfig: of } }) => `${of.LogFormat} ${of.SystemLogLevel}` !== LOGS,
  );
  if (wordy) throw new Error(`${wordy.id}: the local stack plays no LogFormat and SystemLogLevel but ${LOGS}`);
  return running.map(({ name, arn, properties: of }) => ({
    name,
    arn,
    handler: of.Handler,
    directory: assembly.assetDirectory(of.Code.S3Key),
    timeoutMs: of.Timeout * 1000,
    memoryMb: of.MemorySize,
    logLevel: of.LoggingConfig.ApplicationLogLevel,
    environment: of.Environment.Variables,
    recurses: of.RecursiveLoop === 'Allow',
  }));
}

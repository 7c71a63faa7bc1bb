import { type Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

export interface ServiceFunctionProps<Env> {
  /** The file that exports `handler`, from the top of the repository. */
  readonly entry: string;
  readonly description: string;
  readonly env: Env;
  readonly timeout: Duration;
  /** @default 512 */
  readonly memoryMb?: number;
  readonly logRetention: RetentionDays;
}

/** CommonJS packages inside an ES module look for these. */
const BANNER = [
  "import { createRequire as carillonRequire } from 'node:module';",
  "import { fileURLToPath as carillonPath } from 'node:url';",
  'const require = carillonRequire(import.meta.url);',
  'const __filename = carillonPath(import.meta.url);',
  "const __dirname = carillonPath(new URL('.', import.meta.url));",
].join('');

/** A Lambda function of ours: arm64, Node 24, one ES module, a role and a log group of its own. */
export class ServiceFunction<
  Env extends { readonly [Name in keyof Env]: string } = Record<string, string>,
> extends NodejsFunction {
  constructor(scope: Construct, id: string, props: ServiceFunctionProps<Env>) {
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    super(scope, id, {
      entry: props.entry,
      handler: 'handler',
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMb ?? 512,
      timeout: props.timeout,
      environment: { NODE_OPTIONS: '--enable-source-maps', ...props.env },
      role,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      tracing: Tracing.ACTIVE,
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        mainFields: ['module', 'main'],
        minify: true,
        sourceMap: true,
        sourcesContent: false,
        bundleAwsSDK: true,
        banner: BANNER,
      },
    });
    logGroup.grantWrite(role);
  }

  /** Lets the function do `actions` on `resources`. */
  allow(actions: readonly string[], ...resources: readonly string[]): void {
    this.addToRolePolicy(
      new PolicyStatement({ effect: Effect.ALLOW, actions: [...actions], resources: [...resources] }),
    );
  }
}

/** The ARN of posting to any connection of a WebSocket stage. */
export const postToConnections = (scope: Construct, apiId: string, stageName: string): string =>
  Stack.of(scope).formatArn({
    service: 'execute-api',
    resource: apiId,
    resourceName: `${stageName}/POST/@connections/*`,
  });

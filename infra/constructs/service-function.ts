import { type Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Effect, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Alias,
  Architecture,
  type IFunction,
  type IVersion,
  Function as LambdaFunction,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
  SystemLogLevel,
  Tracing,
  type Version,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { bundledCode } from './bundled-code.ts';

export interface ServiceFunctionProps<Env> {
  /** The file that exports `handler`, by its path from the top of the repository. */
  readonly entry: string;
  /** Files that are put beside the bundle, by their paths from the top of the repository. @default none */
  readonly files?: readonly string[];
  readonly description: string;
  readonly env: Env;
  readonly timeout: Duration;
  /** @default 512 */
  readonly memoryMb?: number;
  readonly logRetention: RetentionDays;
  /** Whether Lambda sends X-Ray a trace of one invocation a second, and of one in twenty beyond. */
  readonly tracing: boolean;
  /** Whether it may cause its own events, more often than Lambda takes for an endless loop. @default false */
  readonly recurses?: boolean;
}

/** One of our Lambda functions: arm64, Node 24, one ES module, its own role and log group. */
export class ServiceFunction<
  Env extends { readonly [Name in keyof Env]: string } = Record<string, string>,
> extends LambdaFunction {
  /** The version that gets the events. Whatever invokes the function must name it, and not the function. */
  readonly live: Alias & IFunction;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps<Env>) {
    const logGroup = new LogGroup(scope, `${id}Logs`, {
      retention: props.logRetention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    super(scope, id, {
      code: bundledCode(props.entry, props.files),
      handler: 'index.handler',
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMb ?? 512,
      timeout: props.timeout,
      environment: { ...props.env },
      role,
      // Old versions stay, so that one can be made the live one again at once.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN },
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      // Without it Lambda writes three lines of its own for each invocation, which cost more than the invocation.
      systemLogLevelV2: SystemLogLevel.WARN,
      ...(props.tracing && { tracing: Tracing.ACTIVE }),
      ...(props.recurses && { recursiveLoop: RecursiveLoop.ALLOW }),
    });
    logGroup.grantWrite(role);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- CDK's classes say of a property that it may be undefined, and its interfaces that it may be absent
    const version = this.currentVersion as Version & IVersion;
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the same
    this.live = new Alias(this, 'Live', { aliasName: 'live', version }) as Alias & IFunction;
    if (props.tracing) {
      Validations.of(role).acknowledge({
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'X-Ray has no resources: its write actions can be allowed only on *.',
      });
    }
  }

  /** Lets the function do `actions` on `resources`, if there are any. */
  allow(actions: readonly string[], resources: readonly string[]): void {
    if (resources.length === 0) return;
    this.addToRolePolicy(
      new PolicyStatement({ effect: Effect.ALLOW, actions: [...actions], resources: [...resources] }),
    );
  }
}

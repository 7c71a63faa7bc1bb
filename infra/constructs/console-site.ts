import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CfnElement, Duration, RemovalPolicy, Stack, Token } from 'aws-cdk-lib';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, type BucketDeploymentProps, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import { acknowledge } from './acknowledge.ts';
import { ROOT } from './bundle.ts';
import { cloudWatchUrl, dashboardUrl } from './cloudwatch-url.ts';
import { consoleBuild } from './console-build.ts';
import { dashboardName } from './dashboard.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

/** Where it is, in the bucket and in the browser. */
const PLACE = 'console';

/** The runbook of this version, beside the console. */
const RUNBOOK = 'runbook.txt';
/** The mark at its beginning tells browsers that it is UTF-8: S3 does not. */
const runbook = (): string => `\ufeff${readFileSync(join(ROOT, 'docs/runbook.md'), 'utf8')}`;

/** Nothing but the console's own files and the APIs of its own origin; no script and no style within a page. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  // WebSockets of the same origin, too.
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The web console: static files in a private bucket, which the distribution alone reads. */
export class ConsoleSite extends Construct {
  /** What the distribution does with the paths of the console. */
  readonly behaviours: Readonly<Record<string, BehaviorOptions>>;

  constructor(scope: Construct, id: string, stage: Stage) {
    super(scope, id);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- CDK's own bucket is no IBucket by the letter of exactOptionalPropertyTypes.
    const bucket = new Bucket(this, 'Files', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
    }) as IBucket;
    acknowledge(bucket, { S1: 'It holds nothing but the program of the console, and CloudFront alone reads it.' });
    this.#deploy(bucket, stage);
    const behaviour: BehaviorOptions = {
      origin: S3BucketOrigin.withOriginAccessControl(bucket, { originId: PLACE }),
      allowedMethods: AllowedMethods.ALLOW_GET_HEAD,
      // As long as the Cache-Control of a file says, and compressed.
      cachePolicy: CachePolicy.CACHING_OPTIMIZED,
      compress: true,
      responseHeadersPolicy: this.#headers(),
      viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
      functionAssociations: [{ function: this.#pageFunction(), eventType: FunctionEventType.VIEWER_REQUEST }],
    };
    this.behaviours = { [`/${PLACE}`]: behaviour, [`/${PLACE}/*`]: behaviour };
  }

  /** Puts the files there: those with a hash in their names first, so that a page finds what it names. */
  #deploy(bucket: IBucket, stage: Stage): void {
    const build = consoleBuild(stage);
    const common: Omit<BucketDeploymentProps, 'sources'> = {
      destinationBucket: bucket,
      destinationKeyPrefix: PLACE,
      // A page that was opened before may still ask for the files of the build before.
      prune: false,
      // The bucket must be empty for the stack to be deleted.
      retainOnDelete: false,
      logGroup: new LogGroup(this, 'DeploymentLogs', {
        retention: stage.logRetentionDays,
        removalPolicy: RemovalPolicy.DESTROY,
      }),
    };
    const hashed = new BucketDeployment(this, 'HashedFiles', {
      ...common,
      sources: [build],
      exclude: ['*'],
      include: ['assets/*'],
      cacheControl: [CacheControl.setPublic(), CacheControl.maxAge(Duration.days(365)), CacheControl.immutable()],
    });
    const page = new BucketDeployment(this, 'Page', {
      ...common,
      sources: [build, Source.jsonData('stage.json', this.#stageFile(stage)), Source.data(RUNBOOK, runbook())],
      exclude: ['assets/*'],
      cacheControl: [CacheControl.noCache()],
    });
    page.node.addDependency(hashed);
    // The function that CDK brings along for both.
    const { scope: copier } = hashed.handlerRole.node;
    if (copier) acknowledge(copier, this.#copierReasons(bucket));
  }

  #copierReasons(bucket: IBucket): Record<string, string> {
    const { partition, region } = Stack.of(this);
    const shown = (value: string, name: string) => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);
    const assets = `arn:${shown(partition, 'Partition')}:s3:::cdk-hnb659fds-assets-<AWS::AccountId>-${shown(region, 'Region')}`;
    const { defaultChild } = bucket.node;
    const files = CfnElement.isCfnElement(defaultChild) ? Stack.of(this).getLogicalId(defaultChild) : '';
    const rights =
      'CDK gives its function the rights to copy its assets into this bucket. It runs at a deployment only.';
    return Object.fromEntries([
      ['L1', 'CDK chooses the runtime of its function. It runs at a deployment only.'],
      ['IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]', rights],
      ...['GetBucket*', 'GetObject*', 'List*', 'Abort*', 'DeleteObject*'].map((of) => [
        `IAM5[Action::s3:${of}]`,
        rights,
      ]),
      ...[assets, `<${files}.Arn>`].map((of) => [`IAM5[Resource::${of}/*]`, rights]),
    ]);
  }

  /** What the console tells of its stage without asking the API. */
  #stageFile(stage: Stage): object {
    const { region } = Stack.of(this);
    return {
      stage: stage.name,
      region,
      links: {
        dashboard: dashboardUrl(region, dashboardName(stage, region)),
        logs: cloudWatchUrl(region, 'logsV2:log-groups'),
        runbook: `/${PLACE}/${RUNBOOK}`,
      },
    };
  }

  #headers(): ResponseHeadersPolicy {
    return new ResponseHeadersPolicy(this, 'Headers', {
      comment: 'Carillon: headers of the web console',
      securityHeadersBehavior: {
        contentSecurityPolicy: { contentSecurityPolicy: CONTENT_SECURITY_POLICY, override: true },
        ...SECURITY_HEADERS,
      },
    });
  }

  #pageFunction(): EdgeFunction {
    return new EdgeFunction(this, 'PageFunction', {
      comment: 'Sends every page of the console the one file that there is',
      code: FunctionCode.fromInline(readFileSync(new URL('../edge/console-request.js', import.meta.url), 'utf8')),
      runtime: FunctionRuntime.JS_2_0,
    });
  }
}

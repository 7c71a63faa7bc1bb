import { Duration, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Construct } from 'constructs';
import { EDGE_ROUTES } from '../edge/routes.ts';
import { viewerFunctionCode } from '../edge/viewer-function.ts';
import { acknowledge } from './acknowledge.ts';
import type { ConsoleSite } from './console-site.ts';
import type { EdgeSecret } from './edge-secret.ts';
import type { HttpApi } from './http-api.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import type { WebSocketApi } from './websocket-api.ts';

/** The functions read it: `functions/kit/entry/edge-gate.ts`. */
const SECRET_HEADER = 'x-carillon-edge';

export interface EdgeDistributionProps {
  readonly rest: HttpApi;
  readonly webSocketApis: readonly WebSocketApi[];
  /** The paths of the web console. */
  readonly consoleBehaviours: ConsoleSite['behaviours'];
  /** Shown to the APIs with every request. */
  readonly secret: EdgeSecret;
  /** A name of its own, with its certificate. @default a name of CloudFront's */
  readonly domain?: { readonly name: string; readonly certificateArn: string } | undefined;
  /** @default no web ACL */
  readonly webAclArn?: string | undefined;
}

/** The distribution before the APIs and the console: one origin, by path. It caches no answer of an API. */
export class EdgeDistribution extends Construct {
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, props: EdgeDistributionProps) {
    super(scope, id);
    const { rest, webSocketApis, consoleBehaviours, secret, domain, webAclArn } = props;
    const viewerRequest = new EdgeFunction(this, 'ViewerRequest', {
      comment: 'Moves the path of a WebSocket into stage and query, and chooses the API',
      code: FunctionCode.fromInline(viewerFunctionCode(EDGE_ROUTES)),
      runtime: FunctionRuntime.JS_2_0,
    });
    const common: Omit<BehaviorOptions, 'origin'> = {
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      responseHeadersPolicy: new ResponseHeadersPolicy(this, 'SecurityHeaders', {
        comment: 'Carillon: security headers',
        securityHeadersBehavior: SECURITY_HEADERS,
      }),
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      compress: false,
      functionAssociations: [{ function: viewerRequest, eventType: FunctionEventType.VIEWER_REQUEST }],
    };
    const origin = (originId: string, host: string) =>
      new HttpOrigin(host, {
        originId,
        customHeaders: { [SECRET_HEADER]: secret.sent },
        protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
        originSslProtocols: [OriginSslPolicy.TLS_V1_2],
        // As long as API Gateway gives a request, so that it is API Gateway that answers a late one.
        readTimeout: Duration.seconds(30),
      });
    const sockets = new Map(
      webSocketApis.map(({ stage: { stageName }, host }) => [stageName, origin(stageName, host)]),
    );
    this.distribution = new Distribution(this, 'Distribution', {
      comment: Stack.of(this).stackName,
      ...(domain && {
        domainNames: [domain.name],
        certificate: Certificate.fromCertificateArn(this, 'Certificate', domain.certificateArn),
        minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      }),
      ...(webAclArn !== undefined && { webAclId: webAclArn }),
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_ALL,
      defaultBehavior: { ...common, origin: origin('rest', rest.host) },
      additionalBehaviors: {
        ...consoleBehaviours,
        ...Object.fromEntries(
          EDGE_ROUTES.map(({ path, stage }) => {
            const socket = sockets.get(stage);
            if (!socket) throw new Error(`${path} leads to the stage ${stage}, which no WebSocket API has`);
            return [path, { ...common, origin: socket }];
          }),
        ),
      },
    });
    acknowledge(this.distribution, {
      CFR1: 'People call each other from every country.',
      ...(webAclArn === undefined && {
        CFR2: 'A web ACL costs money every month, so it is a setting of the stage.',
      }),
      CFR3: 'The logs that this rule knows hold query strings, in which tokens travel. Logs without them are a setting of the stage.',
      ...(!domain && {
        CFR4: 'CloudFront fixes the TLS policy of its own names. With a name of the stage it is TLS 1.2 and newer.',
      }),
    });
  }
}

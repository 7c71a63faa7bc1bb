import { Duration, Stack, Validations } from 'aws-cdk-lib';
import {
  AllowedMethods,
  type BehaviorOptions,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  OriginSslPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Construct } from 'constructs';
import { EDGE_ROUTES } from '../edge/routes.ts';
import { viewerFunctionCode } from '../edge/viewer-function.ts';
import type { HttpApi } from './http-api.ts';
import type { WebSocketApi } from './websocket-api.ts';

export interface EdgeDistributionProps {
  readonly rest: HttpApi;
  readonly webSocketApis: readonly WebSocketApi[];
}

/** The distribution before the APIs: one origin, by path. It caches nothing. */
export class EdgeDistribution extends Construct {
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, { rest, webSocketApis }: EdgeDistributionProps) {
    super(scope, id);
    const stages = new Map(webSocketApis.map((api) => [api.stage.stageName, api]));
    const routes = EDGE_ROUTES.filter(({ stage }) => stages.has(stage));
    const viewerRequest = new EdgeFunction(this, 'ViewerRequest', {
      comment: 'Moves the path of a WebSocket into stage and query, and chooses the API',
      code: FunctionCode.fromInline(viewerFunctionCode(routes)),
      runtime: FunctionRuntime.JS_2_0,
    });
    const common: Omit<BehaviorOptions, 'origin'> = {
      allowedMethods: AllowedMethods.ALLOW_ALL,
      cachePolicy: CachePolicy.CACHING_DISABLED,
      originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
      responseHeadersPolicy: securityHeaders(this),
      viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
      compress: false,
      functionAssociations: [{ function: viewerRequest, eventType: FunctionEventType.VIEWER_REQUEST }],
    };
    const origin = (originId: string, host: string) =>
      new HttpOrigin(host, {
        originId,
        protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
        originSslProtocols: [OriginSslPolicy.TLS_V1_2],
        // As long as API Gateway gives a request, so that it is API Gateway that answers a late one.
        readTimeout: Duration.seconds(30),
      });
    const sockets = new Map([...stages].map(([stage, { host }]) => [stage, origin(stage, host)]));
    this.distribution = new Distribution(this, 'Distribution', {
      comment: Stack.of(this).stackName,
      httpVersion: HttpVersion.HTTP2_AND_3,
      priceClass: PriceClass.PRICE_CLASS_ALL,
      defaultBehavior: { ...common, origin: origin('rest', rest.host) },
      additionalBehaviors: Object.fromEntries(
        routes.flatMap(({ path, stage }) => {
          const socket = sockets.get(stage);
          return socket ? [[path, { ...common, origin: socket }]] : [];
        }),
      ),
    });
    acknowledge(this.distribution);
  }
}

/** Headers that make a browser careful with every answer. */
const securityHeaders = (scope: Construct): ResponseHeadersPolicy =>
  new ResponseHeadersPolicy(scope, 'SecurityHeaders', {
    comment: 'Carillon: security headers',
    securityHeadersBehavior: {
      strictTransportSecurity: { accessControlMaxAge: Duration.days(365), includeSubdomains: false, override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
      referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
    },
  });

function acknowledge(distribution: Distribution): void {
  const reasons = {
    CFR1: 'People call each other from every country.',
    CFR2: 'A web ACL costs money every month, so it is a setting of the stage.',
    CFR3: 'These logs hold query strings, in which tokens travel. Logs without them are a setting of the stage.',
    CFR4: 'CloudFront fixes the TLS policy of its own domain; with a domain of the stage it is TLS 1.2 and newer.',
  };
  for (const [rule, reason] of Object.entries(reasons)) {
    Validations.of(distribution).acknowledge({ id: `AwsSolutions-${rule}`, reason });
  }
}

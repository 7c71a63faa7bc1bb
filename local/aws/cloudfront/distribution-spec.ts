import { z } from 'zod';
import { withSecrets } from '../secrets/dynamic-reference.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { Find } from '../template/template.ts';

/** Where a distribution takes answers from. */
export interface Origin {
  readonly id: string;
  readonly domainName: string;
  /** Goes before the path of each request. */
  readonly path: string;
  /** They replace what a viewer sends by these names. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What the distribution does with the paths that fit a pattern. */
export interface Behaviour {
  readonly pattern: string;
  readonly originId: string;
  readonly methods: readonly string[];
  /** The code of the function at each viewer request. */
  readonly viewerRequest: string | undefined;
  /** Headers of every answer. */
  readonly responseHeaders: Readonly<Record<string, string>>;
}

/** The distribution of the template. */
export interface DistributionSpec {
  readonly origins: ReadonlyMap<string, Origin>;
  /** In the order in which their patterns are tried; the last fits everything. */
  readonly behaviours: readonly Behaviour[];
}

const MANAGED = {
  allViewerExceptHostHeader: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
  cachingDisabled: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
  cachingOptimized: '658327ea-f89d-4fab-a63d-7e88639e58f6',
};

const origin = z.object({
  Id: z.string(),
  DomainName: z.string(),
  OriginPath: z.string().default(''),
  OriginCustomHeaders: z.array(z.object({ HeaderName: z.string(), HeaderValue: z.string() })).default([]),
});
const behaviour = z.object({
  PathPattern: z.string().default('*'),
  TargetOriginId: z.string(),
  AllowedMethods: z.array(z.string()).default(['GET', 'HEAD']),
  CachePolicyId: z.literal(
    [MANAGED.cachingDisabled, MANAGED.cachingOptimized],
    'the local stack supports only CachingDisabled and CachingOptimized',
  ),
  // Without it the origin is sent less than the local stack sends, which a bucket does not notice.
  OriginRequestPolicyId: z
    .literal(MANAGED.allViewerExceptHostHeader, 'the local stack supports only AllViewerExceptHostHeader')
    .optional(),
  ResponseHeadersPolicyId: z.string().optional(),
  FunctionAssociations: z
    .array(z.object({ EventType: z.literal('viewer-request'), FunctionARN: z.string() }))
    .default([]),
});
const distribution = z.object({
  DistributionConfig: z.object({
    Origins: z.array(origin),
    DefaultCacheBehavior: behaviour,
    CacheBehaviors: z.array(behaviour).default([]),
  }),
});
const edgeFunction = z.object({
  FunctionCode: z.string(),
  FunctionConfig: z.object({ Runtime: z.literal('cloudfront-js-2.0') }),
});
const securityHeader = z.object({ Override: z.literal(true) });
const policy = z.object({
  ResponseHeadersPolicyConfig: z.object({
    SecurityHeadersConfig: z
      .strictObject({
        StrictTransportSecurity: securityHeader.extend({ AccessControlMaxAgeSec: z.number() }).optional(),
        ContentTypeOptions: securityHeader.optional(),
        FrameOptions: securityHeader.extend({ FrameOption: z.string() }).optional(),
        ReferrerPolicy: securityHeader.extend({ ReferrerPolicy: z.string() }).optional(),
        ContentSecurityPolicy: securityHeader.extend({ ContentSecurityPolicy: z.string() }).optional(),
      })
      .default({}),
  }),
});

/** Reads the distribution of the template. */
export function distributionSpec(find: Find, secrets: Secrets): DistributionSpec {
  const [only, ...others] = find('AWS::CloudFront::Distribution', distribution);
  if (!only || others.length > 0) throw new Error('the template must have one distribution');
  const { Origins, DefaultCacheBehavior, CacheBehaviors } = only.properties.DistributionConfig;
  const functions = find('AWS::CloudFront::Function', edgeFunction);
  const policies = find('AWS::CloudFront::ResponseHeadersPolicy', policy);
  return {
    origins: new Map(
      Origins.map(({ Id, DomainName, OriginPath, OriginCustomHeaders }) => {
        const headers = OriginCustomHeaders.map((each) => [
          each.HeaderName.toLowerCase(),
          withSecrets(each.HeaderValue, secrets),
        ]);
        return [Id, { id: Id, domainName: DomainName, path: OriginPath, headers: Object.fromEntries(headers) }];
      }),
    ),
    behaviours: [...CacheBehaviors, { ...DefaultCacheBehavior, PathPattern: '*' }].map((of) => ({
      pattern: of.PathPattern,
      originId: of.TargetOriginId,
      methods: of.AllowedMethods,
      viewerRequest: functions.find(({ arn }) => arn === of.FunctionAssociations[0]?.FunctionARN)?.properties
        .FunctionCode,
      responseHeaders: headersOf(
        policies.find(({ ref }) => ref === of.ResponseHeadersPolicyId)?.properties.ResponseHeadersPolicyConfig
          .SecurityHeadersConfig ?? {},
      ),
    })),
  };
}

type SecurityHeaders = z.output<typeof policy>['ResponseHeadersPolicyConfig']['SecurityHeadersConfig'];

const headersOf = (of: SecurityHeaders): Record<string, string> => ({
  ...(of.StrictTransportSecurity && {
    'strict-transport-security': `max-age=${of.StrictTransportSecurity.AccessControlMaxAgeSec}`,
  }),
  ...(of.ContentTypeOptions && { 'x-content-type-options': 'nosniff' }),
  ...(of.FrameOptions && { 'x-frame-options': of.FrameOptions.FrameOption }),
  ...(of.ReferrerPolicy && { 'referrer-policy': of.ReferrerPolicy.ReferrerPolicy }),
  ...(of.ContentSecurityPolicy && { 'content-security-policy': of.ContentSecurityPolicy.ContentSecurityPolicy }),
});

import { describe, expect, it } from 'vitest';
import { type Resource, referred, resources, templates } from './synthesized.ts';

const { edge } = templates();
const only = (type: string, fits: (of: Resource) => boolean = () => true): Resource => {
  const [found, ...others] = resources(edge, type).filter(([, of]) => fits(of));
  if (!found || others.length > 0) throw new Error(`not one ${type}, but ${others.length + (found ? 1 : 0)}`);
  return found[1];
};

interface Behaviour {
  readonly PathPattern: string;
  readonly TargetOriginId: string;
  readonly ResponseHeadersPolicyId: unknown;
  readonly OriginRequestPolicyId?: string;
}
const config = only('AWS::CloudFront::Distribution').Properties['DistributionConfig'] as {
  readonly CacheBehaviors: readonly Behaviour[];
  readonly Origins: readonly { readonly Id: string; readonly OriginAccessControlId: unknown }[];
};
const behaviours = config.CacheBehaviors.filter(({ TargetOriginId }) => TargetOriginId === 'console');

describe('the console behind the edge', () => {
  it('is at /console and below it, for reading only, cached and compressed', () => {
    expect(behaviours.map(({ PathPattern }) => PathPattern)).toEqual(['/console', '/console/*']);
    for (const behaviour of behaviours) {
      expect(behaviour).toMatchObject({
        AllowedMethods: ['GET', 'HEAD'],
        CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
        Compress: true,
        ViewerProtocolPolicy: 'redirect-to-https',
      });
      // A bucket takes no Host, Authorization or cookie of a viewer.
      expect(behaviour.OriginRequestPolicyId).toBeUndefined();
    }
  });

  it('is in a bucket that nobody but the distribution reads, by TLS alone', () => {
    expect(only('AWS::S3::Bucket').Properties).toMatchObject({
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    expect(config.Origins.find(({ Id }) => Id === 'console')?.OriginAccessControlId).toBeDefined();
    const policy = only('AWS::S3::BucketPolicy').Properties['PolicyDocument'];
    const { Statement: statements } = policy as { Statement: readonly object[] };
    expect(statements).toMatchObject([
      { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      {
        Effect: 'Allow',
        Action: 's3:GetObject',
        Principal: { Service: 'cloudfront.amazonaws.com' },
        Condition: { StringEquals: { 'AWS:SourceArn': expect.anything() } },
      },
    ]);
  });

  it('goes with its stack', () => {
    expect(only('AWS::S3::Bucket')).toMatchObject({ DeletionPolicy: 'Delete' });
    const deployments = resources(edge, 'Custom::CDKBucketDeployment');
    expect(deployments.map(([, of]) => of.Properties['RetainOnDelete'])).toEqual([false, false]);
  });

  it('runs nothing but its own scripts, asks nobody but its own origin, and tells nobody where it was', () => {
    const [first] = behaviours;
    const policies = resources(edge, 'AWS::CloudFront::ResponseHeadersPolicy');
    const [, policy] = policies.find(([id]) => id.startsWith(referred(first?.ResponseHeadersPolicyId))) ?? [];
    const { SecurityHeadersConfig: headers } = (policy as Resource).Properties['ResponseHeadersPolicyConfig'] as {
      SecurityHeadersConfig: Record<string, Record<string, string>>;
    };
    const csp = headers['ContentSecurityPolicy']?.['ContentSecurityPolicy']?.split('; ') ?? [];
    expect(csp).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        "form-action 'none'",
      ]),
    );
    expect(csp.join()).not.toMatch(/unsafe|\*|https?:/);
    expect(headers['ReferrerPolicy']).toEqual({ Override: true, ReferrerPolicy: 'no-referrer' });
  });

  it('keeps files with a hash in their names for a year, and asks for a newer page each time', () => {
    const [hashed, page] = resources(edge, 'Custom::CDKBucketDeployment').map(([, of]) => of);
    expect(hashed?.Properties).toMatchObject({
      Exclude: ['*'],
      Include: ['assets/*'],
      SystemMetadata: { 'cache-control': 'public, max-age=31536000, immutable' },
    });
    expect(page?.Properties).toMatchObject({ Exclude: ['assets/*'], SystemMetadata: { 'cache-control': 'no-cache' } });
    // The page names the others, so it comes after them.
    expect(page?.DependsOn?.join()).toContain('HashedFiles');
  });
});

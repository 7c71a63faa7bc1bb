import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { type Choice, deployment, resources } from './synthesized.ts';

const CERTIFICATE = 'arn:aws:acm:us-east-1:111122223333:certificate/0b7ad0f4-1c8a-4f0f-9a3f-7a1e6f1d2c3b';
const EVERYTHING = {
  region: 'eu-central-1',
  domainName: 'calls.example.com',
  hostedZone: 'Z0123456789ABCDEFGHIJ',
  webAcl: true,
  webAclRate: 900,
  edgeLogs: true,
};

/** The templates of all stacks, by what follows the stage in their names. */
function stacks(choice: Choice): Record<string, Template> {
  const { app } = deployment(choice);
  const { stacks: all } = app.synth();
  return Object.fromEntries(
    all.map(({ stackName, template }) => [stackName.replace('Carillon-dev-', ''), Template.fromJSON(template)]),
  );
}

const regionsOf = (choice: Choice) =>
  Object.fromEntries(
    deployment(choice)
      .app.synth()
      .stacks.map(({ stackName, environment }) => [stackName.replace('Carillon-dev-', ''), environment.region]),
  );

const distributionOf = ({ Edge: edge }: Record<string, Template>) => {
  const [[, of] = []] = edge ? resources(edge, 'AWS::CloudFront::Distribution') : [];
  return of?.Properties['DistributionConfig'];
};

describe('an edge with everything', () => {
  const all = stacks(EVERYTHING);

  it('has in us-east-1 what CloudFront looks for there, and the rest in the region of the stage', () => {
    expect(regionsOf(EVERYTHING)).toEqual({
      State: 'eu-central-1',
      Service: 'eu-central-1',
      Edge: 'eu-central-1',
      EdgeGlobal: 'us-east-1',
      EdgeLogs: 'us-east-1',
    });
  });

  it('makes its certificate, and points the name at itself for IPv4 and IPv6', () => {
    all['EdgeGlobal']?.hasResourceProperties('AWS::CertificateManager::Certificate', {
      DomainName: EVERYTHING.domainName,
      DomainValidationOptions: [{ DomainName: EVERYTHING.domainName, HostedZoneId: EVERYTHING.hostedZone }],
    });
    for (const Type of ['A', 'AAAA']) {
      all['Edge']?.hasResourceProperties('AWS::Route53::RecordSet', {
        Type,
        Name: `${EVERYTHING.domainName}.`,
        HostedZoneId: EVERYTHING.hostedZone,
      });
    }
    expect(distributionOf(all)).toMatchObject({
      Aliases: [EVERYTHING.domainName],
      ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021', SslSupportMethod: 'sni-only' },
    });
    all['Edge']?.hasOutput('Url', { Value: `https://${EVERYTHING.domainName}` });
  });

  it('stops an address that sends too much, with 429', () => {
    all['EdgeGlobal']?.hasResourceProperties('AWS::WAFv2::WebACL', {
      Scope: 'CLOUDFRONT',
      DefaultAction: { Allow: {} },
    });
    const [[, acl] = []] = all['EdgeGlobal'] ? resources(all['EdgeGlobal'], 'AWS::WAFv2::WebACL') : [];
    expect(acl?.Properties['Rules']).toMatchObject([
      {
        Statement: { RateBasedStatement: { AggregateKeyType: 'IP', EvaluationWindowSec: 300, Limit: 900 } },
        Action: { Block: { CustomResponse: { ResponseCode: 429 } } },
      },
      {
        Statement: { ManagedRuleGroupStatement: { Name: 'AWSManagedRulesCommonRuleSet' } },
        OverrideAction: { None: {} },
      },
    ]);
    expect(JSON.stringify(distributionOf(all))).toMatch(/"WebACLId":\{"Fn::GetStackOutput".*EdgeGlobal/);
  });

  it('lets the web ACL block no body that we answer ourselves, no long token and no library without a User-Agent', () => {
    const [[, acl] = []] = all['EdgeGlobal'] ? resources(all['EdgeGlobal'], 'AWS::WAFv2::WebACL') : [];
    const text = JSON.stringify(acl?.Properties['Rules']);
    for (const name of ['SizeRestrictions_BODY', 'SizeRestrictions_QUERYSTRING', 'NoUserAgent_HEADER']) {
      expect(text).toContain(`{"ActionToUse":{"Count":{}},"Name":"${name}"}`);
    }
  });

  it('logs requests without query, headers and addresses', () => {
    const [[, delivery] = []] = all['EdgeLogs'] ? resources(all['EdgeLogs'], 'AWS::Logs::Delivery') : [];
    const fields = delivery?.Properties['RecordFields'] as string[];
    expect(fields).toContain('cs-uri-stem');
    for (const secret of ['cs-uri-query', 'cs(Cookie)', 'cs(Referer)', 'c-ip', 'x-forwarded-for']) {
      expect(fields).not.toContain(secret);
    }
    expect(distributionOf(all)).not.toHaveProperty('Logging');
  });

  it.each([EVERYTHING, { ...EVERYTHING, region: 'us-east-1' }])(
    'does nothing that AWS advises against ($region)',
    (choice) => {
      const { app } = deployment(choice);
      expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
    },
  );
});

describe('an edge', () => {
  it('takes a certificate that is there, and needs no stack in us-east-1 for it', () => {
    const { EdgeGlobal: none, ...all } = stacks({ domainName: 'calls.example.com', certificateArn: CERTIFICATE });
    expect(none).toBeUndefined();
    expect(distributionOf(all)).toMatchObject({
      Aliases: ['calls.example.com'],
      ViewerCertificate: { AcmCertificateArn: CERTIFICATE, MinimumProtocolVersion: 'TLSv1.2_2021' },
    });
    all['Edge']?.resourceCountIs('AWS::Route53::RecordSet', 0);
    all['Edge']?.hasOutput('DistributionDomain', {});
  });

  it('has neither web ACL nor logs unless the stage says so', () => {
    expect(Object.keys(stacks({})).toSorted()).toEqual(['Edge', 'Service', 'State']);
  });
});

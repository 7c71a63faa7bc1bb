import { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { Construct } from 'constructs';

/**
 * Rules of the managed group that would block what apps really send; they only count. They look at the upgrade of a
 * WebSocket as at any request, and at no frame.
 */
const COUNTED = [
  // The service itself takes bodies of up to 64 KiB, and answers 413 to longer ones.
  'SizeRestrictions_BODY',
  // Tokens of identity providers in a query take more than the 2 KiB of this rule.
  'SizeRestrictions_QUERYSTRING',
  // WebSocket libraries send no User-Agent.
  'NoUserAgent_HEADER',
  // Ids of users and rooms, and tokens, may contain anything that looks like an extension.
  'RestrictedExtensions_URIPATH',
  'RestrictedExtensions_QUERYARGUMENTS',
  // SDP and the app's own data are no HTML, and nothing here shows them as such.
  'CrossSiteScripting_BODY',
];

const seen = (metricName: string) => ({ cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true, metricName });

export interface WebAclProps {
  /** How many requests one address may send in five minutes. */
  readonly rate: number;
}

/** The web ACL of the distribution: AWS's common rules, and a limit for each address. It must be in us-east-1. */
export const webAcl = (scope: Construct, id: string, { rate }: WebAclProps): CfnWebACL =>
  new CfnWebACL(scope, id, {
    scope: 'CLOUDFRONT',
    defaultAction: { allow: {} },
    visibilityConfig: seen('All'),
    rules: [
      {
        name: 'Rate',
        priority: 0,
        statement: { rateBasedStatement: { aggregateKeyType: 'IP', evaluationWindowSec: 300, limit: rate } },
        action: {
          block: { customResponse: { responseCode: 429, responseHeaders: [{ name: 'Retry-After', value: '60' }] } },
        },
        visibilityConfig: seen('Rate'),
      },
      {
        name: 'Common',
        priority: 1,
        statement: {
          managedRuleGroupStatement: {
            vendorName: 'AWS',
            name: 'AWSManagedRulesCommonRuleSet',
            ruleActionOverrides: COUNTED.map((name) => ({ name, actionToUse: { count: {} } })),
          },
        },
        overrideAction: { none: {} },
        visibilityConfig: seen('Common'),
      },
    ],
  });

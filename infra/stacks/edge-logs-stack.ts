import { RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnDelivery, CfnDeliveryDestination, CfnDeliverySource, LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import { EDGE_REGION } from './edge-global-stack.ts';

/** What is logged of a request: no query, in which tokens travel, no header that could hold one, and no address. */
const FIELDS = [
  'date',
  'time',
  'x-edge-request-id',
  'x-edge-location',
  'x-host-header',
  'cs-method',
  'cs-uri-stem',
  'sc-status',
  'x-edge-result-type',
  'x-edge-detailed-result-type',
  'cs-protocol-version',
  'ssl-protocol',
  'time-taken',
  'sc-bytes',
];

export interface EdgeLogsStackProps extends StackProps {
  readonly stage: Stage;
  readonly distribution: Distribution;
}

/** The access log of the distribution, in CloudWatch Logs. CloudFront delivers logs from us-east-1 alone. */
export class EdgeLogsStack extends Stack {
  constructor(scope: Construct, id: string, { stage, distribution, ...props }: EdgeLogsStackProps) {
    super(scope, id, { description: 'Carillon: the access log of the edge', env: { region: EDGE_REGION }, ...props });
    const name = `carillon-${stage.name}-edge`;
    const group = new LogGroup(this, 'AccessLogs', {
      logGroupName: `/aws/vendedlogs/${name}`,
      retention: stage.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const delivers = group.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('delivery.logs.amazonaws.com')],
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [group.logGroupArn],
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    const source = new CfnDeliverySource(this, 'Source', {
      name,
      logType: 'ACCESS_LOGS',
      resourceArn: distribution.distributionArn,
    });
    const destination = new CfnDeliveryDestination(this, 'Destination', {
      name,
      destinationResourceArn: group.logGroupArn,
      outputFormat: 'json',
    });
    const delivery = new CfnDelivery(this, 'Delivery', {
      deliverySourceName: source.name,
      deliveryDestinationArn: destination.attrArn,
      recordFields: FIELDS,
    });
    delivery.node.addDependency(source, ...(delivers.policyDependable ? [delivers.policyDependable] : []));
  }
}

import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { EdgeDistribution } from '../constructs/edge-distribution.ts';
import type { ServiceStack } from './service-stack.ts';

export interface EdgeStackProps extends StackProps {
  readonly service: ServiceStack;
}

/** One address for everything: the CloudFront distribution before the APIs. */
export class EdgeStack extends Stack {
  constructor(scope: Construct, id: string, { service, ...props }: EdgeStackProps) {
    super(scope, id, { description: 'Carillon: one address before the APIs', ...props });
    const { distribution } = new EdgeDistribution(this, 'Edge', service);
    new CfnOutput(this, 'Url', {
      value: `https://${distribution.distributionDomainName}`,
      description: 'Where everything is: REST, and the WebSocket at /ws',
    });
  }
}

import { CfnOutput, CrossStackReferences, ReferenceStrength, Stack, type StackProps } from 'aws-cdk-lib';
import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { AaaaRecord, ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import type { Construct } from 'constructs';
import { ConsoleSite } from '../constructs/console-site.ts';
import { EdgeDistribution } from '../constructs/edge-distribution.ts';
import type { EdgeSecret } from '../constructs/edge-secret.ts';
import type { Stage } from '../stage.ts';
import type { EdgeGlobalStack } from './edge-global-stack.ts';
import type { ServiceStack } from './service-stack.ts';

export interface EdgeStackProps extends StackProps {
  readonly stage: Stage;
  readonly service: ServiceStack;
  readonly secret: EdgeSecret;
  /** What is in us-east-1, if the stage needs anything there. */
  readonly global: EdgeGlobalStack | undefined;
}

/** One address for everything: the CloudFront distribution before the APIs and the web console. */
export class EdgeStack extends Stack {
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, { stage, service, secret, global, ...props }: EdgeStackProps) {
    super(scope, id, { description: 'Carillon: one address before the APIs', ...props });
    const { domainName: name, hostedZone } = stage;
    const certificateArn = stage.certificateArn ?? global?.certificateArn;
    const edge = new EdgeDistribution(this, 'Edge', {
      rest: service.rest,
      webSocketApis: service.webSocketApis,
      consoleBehaviours: new ConsoleSite(this, 'Console', stage).behaviours,
      secret,
      domain: name === undefined || certificateArn === undefined ? undefined : { name, certificateArn },
      webAclArn: global?.webAclArn,
    });
    this.distribution = edge.distribution;
    // The stack with its logs may be in another region, where no export reaches.
    CrossStackReferences.of(this.distribution).produce(ReferenceStrength.WEAK);
    if (name !== undefined && hostedZone !== undefined) this.#pointHere(name, hostedZone);
    const host = this.distribution.distributionDomainName;
    const outputs = {
      Url: { value: `https://${name ?? host}`, description: 'Where everything is: REST, and the WebSocket at /ws' },
      DistributionDomain: { value: host, description: 'Where a name of your own must point' },
      EdgeSecret: { value: secret.secret.secretName, description: 'What CloudFront shows to the APIs' },
    };
    for (const [output, properties] of Object.entries(outputs)) new CfnOutput(this, output, properties);
  }

  /** Makes a name point at the distribution, for IPv4 and IPv6. */
  #pointHere(zoneName: string, hostedZoneId: string): void {
    // The records are at the name itself, whatever zone it is in.
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId, zoneName });
    const target = RecordTarget.fromAlias(new CloudFrontTarget(this.distribution));
    new ARecord(this, 'Ipv4', { zone, target });
    new AaaaRecord(this, 'Ipv6', { zone, target });
  }
}

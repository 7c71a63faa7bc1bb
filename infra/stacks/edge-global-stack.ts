import { CrossStackReferences, ReferenceStrength, Stack, type StackProps } from 'aws-cdk-lib';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { webAcl } from '../constructs/web-acl.ts';
import type { Stage } from '../stage.ts';

/** Where CloudFront looks for certificates and web ACLs, and where it delivers logs from. */
export const EDGE_REGION = 'us-east-1';

export interface EdgeGlobalStackProps extends StackProps {
  readonly stage: Stage;
}

/** What the edge needs from us-east-1, wherever the stage is: its web ACL, and a certificate if it makes one. */
export class EdgeGlobalStack extends Stack {
  readonly webAclArn: string | undefined;
  readonly certificateArn: string | undefined;

  constructor(scope: Construct, id: string, { stage, ...props }: EdgeGlobalStackProps) {
    super(scope, id, {
      description: 'Carillon: what CloudFront needs in us-east-1',
      env: { region: EDGE_REGION },
      ...props,
    });
    if (stage.webAcl) {
      const acl = webAcl(this, 'WebAcl', { rate: stage.webAclRate });
      CrossStackReferences.of(acl).produce(ReferenceStrength.WEAK);
      this.webAclArn = acl.attrArn;
    }
    if (stage.domainName !== undefined && stage.hostedZone !== undefined && stage.certificateArn === undefined) {
      const certificate = new Certificate(this, 'Certificate', {
        domainName: stage.domainName,
        validation: CertificateValidation.fromDns(HostedZone.fromHostedZoneId(this, 'Zone', stage.hostedZone)),
      });
      CrossStackReferences.of(certificate).produce(ReferenceStrength.WEAK);
      this.certificateArn = certificate.certificateArn;
    }
  }
}

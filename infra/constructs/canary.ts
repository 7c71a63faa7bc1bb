import { Validations } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Watched } from './watched-function.ts';

export interface CanaryProps {
  readonly functions: readonly Watched[];
  /** The alarms on what clients see, which any function may set off. */
  readonly symptoms: readonly Alarm[];
}

/**
 * Gives a new version of a function a tenth of the events for ten minutes, and then all. If an alarm goes off meanwhile,
 * the old version gets them all again and the deployment of the stack fails. The alarms need three bad minutes of five.
 */
export class Canary extends Construct {
  constructor(scope: Construct, id: string, { functions, symptoms }: CanaryProps) {
    super(scope, id);
    const application = new LambdaApplication(this, 'Application');
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('codedeploy.amazonaws.com'),
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AWSCodeDeployRoleForLambdaLimited')],
    });
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSCodeDeployRoleForLambdaLimited]',
      reason:
        'AWS keeps the rights that CodeDeploy needs in this policy; it has no hooks and no revisions in S3 to run.',
    });
    for (const { name, lambda, errors } of functions) {
      new LambdaDeploymentGroup(this, name, {
        application,
        role,
        alias: lambda.live,
        deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_10MINUTES,
        alarms: [errors, ...symptoms],
        autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
      });
    }
  }
}

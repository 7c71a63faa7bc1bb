import { Validations } from 'aws-cdk-lib';
import type { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import { ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { FunctionName, ServiceFunctions } from './service-functions.ts';

export interface CanaryProps {
  readonly functions: ServiceFunctions;
  /** The alarm on the errors of each function. */
  readonly errors: ReadonlyMap<FunctionName, Alarm>;
  /** The alarms on what clients see, which any function may set off. */
  readonly symptoms: readonly Alarm[];
}

/**
 * Gives a new version of a function a tenth of the events for ten minutes, and then all. If an alarm goes off meanwhile,
 * the old version gets them all again and the deployment of the stack fails. The alarms need three bad minutes of five.
 */
export class Canary extends Construct {
  constructor(scope: Construct, id: string, { functions, errors, symptoms }: CanaryProps) {
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
    for (const [name, alarm] of errors) {
      new LambdaDeploymentGroup(this, name, {
        application,
        role,
        alias: functions[name].live,
        deploymentConfig: LambdaDeploymentConfig.CANARY_10PERCENT_10MINUTES,
        alarms: [alarm, ...symptoms],
        autoRollback: { failedDeployment: true, stoppedDeployment: true, deploymentInAlarm: true },
      });
    }
  }
}

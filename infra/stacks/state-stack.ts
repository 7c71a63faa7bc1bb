import { RemovalPolicy, SecretValue, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { Stage } from '../stage.ts';

export interface StateStackProps extends StackProps {
  readonly stage: Stage;
}

/** What outlives every deployment: the table and the secrets. They stay when the stack goes, where the stage says so. */
export class StateStack extends Stack {
  readonly table: TableV2;
  readonly secrets: Secrets;

  constructor(scope: Construct, id: string, { stage, ...props }: StateStackProps) {
    super(scope, id, { description: 'Carillon: the table and the secrets', ...props });
    const removalPolicy = stage.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      timeToLiveAttribute: 'ttl',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      deletionProtection: stage.keepsData,
      removalPolicy,
    });
    this.secrets = {
      tokenKeys: tokenKeys(this),
      pushProviders: filledByOperator(this, 'PushProviders', 'FCM service accounts and APNs keys'),
      turn: filledByOperator(this, 'Turn', 'TURN urls and shared secrets'),
    };
    for (const secret of Object.values(this.secrets)) {
      secret.applyRemovalPolicy(removalPolicy);
      Validations.of(secret).acknowledge({
        id: 'AwsSolutions-SMG4',
        reason:
          'Keys are rotated by the operator, old beside new: who else holds one (apps, Apple, Google, the TURN server) must follow.',
      });
    }
  }
}

/** The secrets that functions read. */
export interface Secrets {
  readonly tokenKeys: Secret;
  readonly pushProviders: Secret;
  readonly turn: Secret;
}

/**
 * The key ring: `current` names the key that signs, every other entry is a key by its id. CloudFormation generates it
 * anew when any of these properties changes, and every token dies with the old one: they are frozen.
 */
const tokenKeys = (scope: Construct): Secret =>
  new Secret(scope, 'TokenKeys', {
    description: 'Carillon: keys that sign tokens, by kid; current names the one in use',
    generateSecretString: {
      secretStringTemplate: JSON.stringify({ current: 'k1' }),
      generateStringKey: 'k1',
      excludePunctuation: true,
      passwordLength: 64,
    },
  });

/** A secret that starts empty; a deployment that does not change this text leaves what the operator put there. */
const filledByOperator = (scope: Construct, id: string, what: string): Secret =>
  new Secret(scope, id, {
    description: `Carillon: ${what}`,
    secretStringValue: SecretValue.unsafePlainText('{}'),
  });

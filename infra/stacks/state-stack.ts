import { RemovalPolicy, SecretValue, Stack, type StackProps, Validations } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type ITableV2,
  ProjectionType,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { EdgeSecret } from '../constructs/edge-secret.ts';
import type { Stage } from '../stage.ts';

export interface StateStackProps extends StackProps {
  readonly stage: Stage;
}

/** What the other stacks need of the table. */
export type UsedTable = Pick<
  ITableV2,
  'tableName' | 'tableArn' | 'metric' | 'metricConsumedReadCapacityUnits' | 'metricConsumedWriteCapacityUnits'
> & { readonly tableStreamArn?: string | undefined };

/** What outlives every deployment: the table and the secrets. If the stage says so, they stay even when the stack is deleted, but not if its first deployment fails. */
export class StateStack extends Stack {
  /** The table that the functions use. */
  readonly table: UsedTable;
  readonly secrets: Secrets;
  /** Absent if the stage has no edge. */
  readonly edgeSecret: EdgeSecret | undefined;
  /** Where the app's backend hears of calls. It has rules of others, so it outlives deployments, too. Absent if the stage has no events. */
  readonly bus: EventBus | undefined;

  constructor(scope: Construct, id: string, { stage, ...props }: StateStackProps) {
    super(scope, id, { description: 'Carillon: the table and the secrets', ...props });
    const removalPolicy = stage.keepsData ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.DESTROY;
    const own = new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      // Only calls have its keys, and only their creation writes them: one write unit a call.
      globalSecondaryIndexes: [
        {
          indexName: 'callsByDay',
          partitionKey: { name: 'day', type: AttributeType.STRING },
          sortKey: { name: 'made', type: AttributeType.STRING },
          projectionType: ProjectionType.KEYS_ONLY,
        },
      ],
      timeToLiveAttribute: 'ttl',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      ...(stage.events && { dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES }),
      deletionProtection: stage.keepsData,
      removalPolicy,
    });
    // Exported whether the service stack uses it or not, so that it may turn to a restored table and back.
    for (const value of [own.tableName, own.tableArn, own.tableStreamArn])
      value === undefined || this.exportValue(value);
    const { restoredTable: tableName, restoredTableStream: tableStreamArn } = stage;
    this.table =
      tableName === undefined
        ? own
        : TableV2.fromTableAttributes(this, 'RestoredTable', { tableName, ...(tableStreamArn && { tableStreamArn }) });
    this.secrets = {
      tokenKeys: tokenKeys(this),
      pushProviders: filledByOperator(this, 'PushProviders', 'FCM service accounts and APNs keys'),
      turn: filledByOperator(this, 'Turn', 'TURN urls and shared secrets'),
      mediaProviders: filledByOperator(this, 'MediaProviders', 'Agora app id and certificate'),
      ...(stage.ringHook && {
        ringHook: filledByOperator(
          this,
          'RingHook',
          'where the backend is asked before a ring, and the key that signs',
        ),
      }),
      ...(stage.events && {
        webhooks: filledByOperator(
          this,
          'Webhooks',
          'where the backend is told of calls, and the keys that sign',
          '[]',
        ),
      }),
    };
    this.bus = stage.events ? new EventBus(this, 'Events', { eventBusName: `carillon-${stage.name}` }) : undefined;
    this.bus?.applyRemovalPolicy(removalPolicy);
    this.edgeSecret = stage.edge ? new EdgeSecret(this, 'EdgeSecret', stage) : undefined;
    const secrets = [...Object.values(this.secrets), ...(this.edgeSecret ? [this.edgeSecret.secret] : [])];
    // Created last, it is never rolled back: its protection from deletion would make that fail.
    own.node.addDependency(...secrets);
    for (const secret of secrets) {
      secret.applyRemovalPolicy(removalPolicy);
      Validations.of(secret).acknowledge({
        id: 'AwsSolutions-SMG4',
        reason:
          'The operator rotates it, keeping the old beside the new: apps, Apple, Google, the TURN server or CloudFront hold it, too.',
      });
    }
  }
}

/** The secrets that functions read. */
export interface Secrets {
  readonly tokenKeys: Secret;
  readonly pushProviders: Secret;
  readonly turn: Secret;
  readonly mediaProviders: Secret;
  /** Absent if the stage has no ring hook. */
  readonly ringHook?: Secret;
  /** Absent if the stage has no events. */
  readonly webhooks?: Secret;
}

/**
 * The key ring: `current` names the key that signs, every other entry is a key by its id. Never change these properties:
 * CloudFormation would generate a new key ring, and every token signed with the old one would become invalid.
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

/** A secret that starts empty. As long as this text does not change, a deployment keeps what the operator put there. */
const filledByOperator = (scope: Construct, id: string, what: string, empty = '{}'): Secret =>
  new Secret(scope, id, {
    description: `Carillon: ${what}`,
    secretStringValue: SecretValue.unsafePlainText(empty),
  });

import { describe, expect, it } from 'vitest';
import { resources, templates } from './synthesized.ts';

const { state } = templates();
const TYPES = ['AWS::DynamoDB::GlobalTable', 'AWS::SecretsManager::Secret'];
const all = TYPES.flatMap((type) => resources(state, type));

describe('the state stack', () => {
  it('keeps its logical ids: a new id would make a new, empty resource', () => {
    expect(all.map(([id]) => id)).toEqual([
      'TableCD117FA1',
      'TokenKeysAAD69857',
      'PushProvidersC0B81198',
      'Turn2B907DC9',
      'MediaProvidersEF402A56',
      'EdgeSecretA32C32E1',
    ]);
  });

  it('has one table: on demand, restorable, protected from deletion, with a TTL', () => {
    state.resourceCountIs('AWS::DynamoDB::GlobalTable', 1);
    state.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
        { AttributeName: 'day', AttributeType: 'S' },
        { AttributeName: 'made', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'callsByDay',
          KeySchema: [
            { AttributeName: 'day', KeyType: 'HASH' },
            { AttributeName: 'made', KeyType: 'RANGE' },
          ],
          // With more than its keys in it, each change of a call would be billed twice.
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      Replicas: [
        { DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
      ],
    });
  });

  it.each(all)('keeps %s when the stack is deleted, but not if its first deployment fails', (_, resource) => {
    expect(resource).toMatchObject({ DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' });
  });

  it('creates the table last, since a table that is protected from deletion cannot be rolled back', () => {
    const [[, table] = ['', undefined]] = resources(state, 'AWS::DynamoDB::GlobalTable');
    const secrets = resources(state, 'AWS::SecretsManager::Secret').map(([id]) => id);
    expect(table?.DependsOn).toEqual(expect.arrayContaining(secrets));
  });

  it('keeps nothing in the test stage', () => {
    const test = templates({ stage: 'test' }).state;
    for (const [, resource] of TYPES.flatMap((type) => resources(test, type))) {
      expect(resource.DeletionPolicy).toBe('Delete');
    }
    test.hasResourceProperties('AWS::DynamoDB::GlobalTable', { Replicas: [{ DeletionProtectionEnabled: false }] });
  });

  it('never changes how the secrets are created: CloudFormation would overwrite their values', () => {
    const made = resources(state, 'AWS::SecretsManager::Secret').map(([id, { Properties }]) => {
      const { Tags: _, ...frozen } = Properties;
      return [id, frozen];
    });
    expect(Object.fromEntries(made)).toEqual({
      TokenKeysAAD69857: {
        Description: 'Carillon: keys that sign tokens, by kid; current names the one in use',
        GenerateSecretString: {
          ExcludePunctuation: true,
          GenerateStringKey: 'k1',
          PasswordLength: 64,
          SecretStringTemplate: '{"current":"k1"}',
        },
      },
      PushProvidersC0B81198: { Description: 'Carillon: FCM service accounts and APNs keys', SecretString: '{}' },
      MediaProvidersEF402A56: { Description: 'Carillon: Agora app id and certificate', SecretString: '{}' },
      Turn2B907DC9: { Description: 'Carillon: TURN urls and shared secrets', SecretString: '{}' },
      EdgeSecretA32C32E1: {
        Description: 'Carillon: what CloudFront shows to the APIs; current is sent, every other field is accepted, too',
        GenerateSecretString: {
          ExcludePunctuation: true,
          GenerateStringKey: 'current',
          PasswordLength: 48,
          SecretStringTemplate: '{}',
        },
      },
    });
  });
});

describe('a restored table', () => {
  const name = 'Carillon-dev-State-Table-202601310859';
  const all = templates({ restoredTable: name });

  it('is what every function reads and writes, and what is watched', () => {
    const tables = resources(all.service, 'AWS::Lambda::Function').map(
      ([, { Properties }]) =>
        (Properties['Environment'] as { Variables: Record<string, unknown> }).Variables['TABLE_NAME'],
    );
    expect(new Set(tables)).toEqual(new Set([name]));
    const allowed = resources(all.service, 'AWS::IAM::Policy').map(([, { Properties }]) => {
      const { Statement } = Properties['PolicyDocument'] as { Statement: { Action: unknown; Resource: unknown }[] };
      return JSON.stringify(Statement.find(({ Action }) => [Action].flat().includes('dynamodb:GetItem'))?.Resource);
    });
    expect(allowed).toHaveLength(tables.length);
    for (const resource of allowed) expect(resource).toContain(`:table/${name}"`);
    expect(JSON.stringify(resources(all.service, 'AWS::CloudWatch::Dashboard'))).toContain(name);
  });

  it('changes nothing about the table that the stage had, nor what its stack exports', () => {
    expect(all.state.toJSON()).toEqual(state.toJSON());
  });
});

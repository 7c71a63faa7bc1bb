import { describe, expect, it } from 'vitest';
import { liveIn, PRODUCTION, referred, resources, templates } from './synthesized.ts';

const { service } = templates({ events: true });
const { service: production } = templates({ ...PRODUCTION, events: true });

const aliases = (template = service) => resources(template, 'AWS::Lambda::Alias');
const deploymentOf = (alias: object) => Object(alias).UpdatePolicy?.CodeDeployLambdaAliasUpdate;

/** The alarms that take a version back, by name, for each deployment group. */
const alarmsOfGroups = () =>
  resources(production, 'AWS::CodeDeploy::DeploymentGroup').map(([, { Properties }]) => {
    const { Alarms } = Properties['AlarmConfiguration'] as { Alarms: { Name: unknown }[] };
    return Alarms.map(({ Name }) => referred(Name).replace('Alarms', ''));
  });

describe('the live version of a function', () => {
  it('is what every route, authorizer and queue invokes, and is allowed to', () => {
    const invoked = [
      ...resources(service, 'AWS::ApiGatewayV2::Integration')
        .filter(([, { Properties }]) => Properties['IntegrationType'] === 'AWS_PROXY')
        .map(([id, { Properties }]) => [id, liveIn(Properties['IntegrationUri'])]),
      ...resources(service, 'AWS::ApiGatewayV2::Authorizer').map(([id, of]) => [
        id,
        liveIn(of.Properties['AuthorizerUri']),
      ]),
      ...['AWS::Lambda::EventSourceMapping', 'AWS::Lambda::Permission'].flatMap((type) =>
        resources(service, type).map(([id, { Properties }]) => [id, liveIn(Properties['FunctionName'])]),
      ),
    ];
    expect(invoked.length).toBeGreaterThan(50);
    expect(invoked.filter(([, live]) => live === undefined)).toEqual([]);
  });

  it('is one of several that stay, so that an older one can take its place', () => {
    const versions = resources(service, 'AWS::Lambda::Version');
    expect(versions).toHaveLength(aliases().length);
    for (const [, version] of versions)
      expect(version).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('changes at once unless the stage says otherwise, which production does', () => {
    expect(aliases().filter(([, alias]) => deploymentOf(alias))).toEqual([]);
    expect(resources(service, 'AWS::CodeDeploy::DeploymentGroup')).toEqual([]);
    const applications = aliases(production).map(([, alias]) => referred(deploymentOf(alias)?.ApplicationName));
    expect(new Set(applications)).toEqual(new Set(['CanaryApplication']));
  });
});

describe('a canary', () => {
  it('is taken back by the alarm on the errors of its function, and by those on what clients see', () => {
    const symptoms = ['RestFails', 'WebSocketFails', 'SocketIoFails', 'RoomsFail', 'InternalErrors'];
    const all = alarmsOfGroups();
    expect(all.map(([own]) => own).toSorted()).toEqual(
      aliases()
        .map(([id]) => id.replace(/Live[0-9A-F]{8}$/, 'Errors'))
        .toSorted(),
    );
    for (const [, ...others] of all) expect(others).toEqual(symptoms);
    for (const [, { Properties }] of resources(production, 'AWS::CodeDeploy::DeploymentGroup')) {
      expect(Properties['AutoRollbackConfiguration']).toEqual({
        Enabled: true,
        Events: ['DEPLOYMENT_FAILURE', 'DEPLOYMENT_STOP_ON_REQUEST', 'DEPLOYMENT_STOP_ON_ALARM'],
      });
    }
  });

  it('lasts twice as long as its alarms look back', () => {
    const minutes = resources(production, 'AWS::CodeDeploy::DeploymentGroup').map(
      ([, { Properties }]) => /Canary10Percent(\d+)Minutes$/.exec(String(Properties['DeploymentConfigName']))?.[1],
    );
    const watching = new Set(alarmsOfGroups().flat());
    const lookBack = resources(production, 'AWS::CloudWatch::Alarm')
      .filter(([id]) => watching.has(id.replace(/^Alarms/, '').replace(/[0-9A-F]{8}$/, '')))
      .map(([, { Properties }]) => Number(Properties['EvaluationPeriods']));
    expect(new Set(minutes)).toEqual(new Set(['10']));
    expect(Math.max(...lookBack)).toBe(5);
  });
});

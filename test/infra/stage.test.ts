import { RootConstruct } from 'constructs';
import { describe, expect, it } from 'vitest';
import { readStage, stageOf } from '#infra/stage.ts';
import { PRODUCTION, propertiesOf, resources, templates } from './synthesized.ts';

function stage(context: Record<string, unknown>) {
  const { node } = new RootConstruct();
  for (const [key, value] of Object.entries(context)) node.setContext(key, value);
  return readStage(node);
}

const dev = (settings: Record<string, unknown>) => stageOf('dev', { corsOrigins: ['*'], ...settings });

describe('the settings of a stage', () => {
  it('are those of dev if no stage is named', () => {
    expect(stage({})).toMatchObject({ name: 'dev', busy: 'reject', vanishGraceS: 20, answerGraceS: 60 });
  });

  it('have short graces in the test stage, which keeps no data', () => {
    expect(stage({ stage: 'test' })).toMatchObject({ vanishGraceS: 6, answerGraceS: 15, keepsData: false });
  });

  it('keep data in production', () => {
    const { stage: name, ...production } = PRODUCTION;
    expect(stageOf(name, { ...production, production: true })).toMatchObject({ keepsData: true });
  });

  it('must say in production whose web apps may call and who is mailed, each with the file to write it in', () => {
    const missing = (setting: string) => `infra/stages/prod\\.ts: ${setting}: must`;
    const all = ['corsOrigins', 'pageEmail', 'ticketEmail'].map(missing).join('.*\n');
    expect(() => stage({ stage: 'prod' })).toThrow(new RegExp(`^${all}`));
    const { stage: name, ...production } = PRODUCTION;
    expect(() => stageOf(name, { ...production, production: true, corsOrigins: ['*'] })).toThrow(
      /^.*corsOrigins: must.*$/,
    );
  });

  it('are in the file alone, but for those that hold for one deployment', () => {
    expect(stage({ ringHook: 'true' }).ringHook).toBe(true);
    expect(stage({ ringHook: true }).ringHook).toBe(true);
    const version = '0b7ad0f4-1c8a-4f0f-9a3f-7a1e6f1d2c3b';
    expect(stage({ edgeSecretVersion: version }).edgeSecretVersion).toBe(version);
    expect(stage({ rollout: 'canary', phones: 'false' })).toMatchObject({ rollout: 'canary', phones: false });
    expect(stage({ events: true }).events).toBe(true);
    expect(() => stage({ events: 'true' })).toThrow('infra/stages/dev.ts: events: ');
    expect(() => stage({ ringHook: 'perhaps' })).toThrow('infra/stages/dev.ts: ringHook: ');
    for (const setting of ['corsOrigins', 'pageEmail', 'region', 'edge']) {
      expect(() => stage({ [setting]: 'x' })).toThrow(
        `infra/stages/dev.ts: ${setting}: is set in this file, not by -c ${setting}`,
      );
    }
  });

  it('are refused if there is no such setting', () => {
    expect(() => dev({ pagerEmail: 'oncall@example.com' })).toThrow(
      'infra/stages/dev.ts: Unrecognized key: "pagerEmail"',
    );
  });

  it('have the defaults of what the file leaves out', () => {
    const issuers = [{ issuer: 'https://login.example/', audience: ['my-api'] }];
    expect(dev({ issuers, busy: 'ring' })).toMatchObject({
      issuers: [{ ...issuers[0], user_claim: 'sub' }],
      busy: 'ring',
      retentionDays: 30,
    });
  });

  it.each(['production', 'toString', ''])('do not exist for the stage "%s"', (name) => {
    expect(() => stage({ stage: name })).toThrow(
      `there is no stage "${name}": choose one of dev, prod, test, or write infra/stages/${name}.ts`,
    );
  });

  it('refuse what belongs to an edge in a stage that has none', () => {
    expect(() => dev({ edge: false, webAcl: true, region: 'eu-central-1' })).toThrow('webAcl: needs the edge');
  });

  it.each([
    ['corsOrigins', 'example.com'],
    ['corsOrigins', []],
    ['pageEmail', 'nobody'],
    ['ticketEmail', 'nobody'],
    ['setsGatewayLogRole', 'perhaps'],
    ['edge', 'perhaps'],
    ['edgeSecretVersion', 'newest'],
    ['domainName', 'https://calls.example.com'],
    ['domainName: needs certificateArn or hostedZone', 'calls.example.com'],
    ['certificateArn', 'arn:aws:acm:eu-central-1:111122223333:certificate/x'],
    ['certificateArn: needs domainName', 'arn:aws:acm:us-east-1:111122223333:certificate/x'],
    ['hostedZone', 'example.com'],
    ['hostedZone: needs domainName', 'Z0123456789ABC'],
    ['hostedZone: needs domainName\ninfra/stages/dev.ts: hostedZone: needs region', 'Z0123456789ABC'],
    ['webAcl', 'perhaps'],
    ['webAcl: needs region', true],
    ['webAclRate', 9],
    ['webAclRate', 'many'],
    ['edgeLogs: needs region', true],
    ['region', 'Frankfurt'],
    ['rollout', 'slowly'],
    ['monthlyBudgetUsd', 0],
    ['monthlyBudgetUsd: needs ticketEmail', 100],
    ['restoredTableStream', 'Stream'],
    ['restoredTable', 'arn:aws:dynamodb:eu-central-1:111122223333:table/x'],
    ['issuers', 'https://login.example'],
    ['issuers.0.issuer', [{ issuer: 'login.example', audience: ['a'] }]],
    ['issuers.0', [{ issuer: 'http://localhost/idp', audience: ['a'] }]],
    ['issuers.0.audience', [{ issuer: 'https://login.example', audience: [] }]],
    ['issuers.0.algorithms.0', [{ issuer: 'https://login.example', audience: ['a'], algorithms: ['HS256'] }]],
    ['issuers.1.issuer', ['a', 'b'].map((aud) => ({ issuer: 'https://login.example', audience: [aud] }))],
    ['issuers.0.server.value', [{ issuer: 'https://login.example', audience: ['a'], server: { claim: 'c' } }]],
    ['issuers.0: Unrecognized key: "audiences"', [{ issuer: 'https://a.example', audience: ['a'], audiences: ['a'] }]],
    ['issuers: must be at most', [{ issuer: 'https://a.example', audience: ['a'.repeat(2048)] }]],
  ])('are refused by name: %s = %j', (place, value) => {
    const [setting = ''] = place.split(/[.:]/);
    expect(() => dev({ [setting]: value })).toThrow(`infra/stages/dev.ts: ${place}`);
  });
});

it('asks no backend before a ring unless the stage has a ring hook', () => {
  for (const ringHook of [false, true]) {
    const { state, service } = templates({ ringHook });
    expect(resources(state, 'AWS::SecretsManager::Secret').some(([id]) => id.startsWith('RingHook'))).toBe(ringHook);
    for (const name of ['Http', 'Command', 'SocketIo'])
      expect(JSON.stringify(propertiesOf(service, 'AWS::Lambda::Function', name)).includes('RING_HOOK_SECRET')).toBe(
        ringHook,
      );
    for (const alarm of ['RingHookFails', 'RingHookSlow'])
      expect(resources(service, 'AWS::CloudWatch::Alarm').some(([id]) => id.includes(alarm))).toBe(ringHook);
  }
});

it('mails somebody when the account costs more than the stage says, and not otherwise', () => {
  expect(resources(templates().service, 'AWS::Budgets::Budget')).toEqual([]);
  templates({ ...PRODUCTION, monthlyBudgetUsd: 300 }).service.hasResourceProperties('AWS::Budgets::Budget', {
    Budget: { BudgetLimit: { Amount: 300, Unit: 'USD' }, BudgetType: 'COST', TimeUnit: 'MONTHLY' },
    NotificationsWithSubscribers: ['ACTUAL', 'FORECASTED'].map((NotificationType) => ({
      Notification: { NotificationType, Threshold: 100 },
      Subscribers: [{ SubscriptionType: 'EMAIL', Address: PRODUCTION.ticketEmail }],
    })),
  });
});

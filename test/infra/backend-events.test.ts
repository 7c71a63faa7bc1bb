import { readFileSync } from 'node:fs';
import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { eventsEnv, webhookEnv } from '#kit/wiring/config.ts';
import { deployment, propertiesOf, referred, resources, shortName, templates } from './synthesized.ts';

const on = templates({ events: true });
const off = templates();

const namesOf = (template: typeof on.service, type: string) => resources(template, type).map(([id]) => shortName(id));

interface StreamMapping {
  readonly DestinationConfig: { readonly OnFailure: { readonly Destination: unknown } };
  readonly FilterCriteria: { readonly Filters: readonly { readonly Pattern: string }[] };
}
function mapping(): StreamMapping {
  const found = resources(on.service, 'AWS::Lambda::EventSourceMapping').find(
    ([, { Properties }]) => 'FilterCriteria' in Properties,
  );
  if (!found) throw new Error('nothing reads the stream');
  return found[1].Properties as unknown as StreamMapping;
}

describe('a stage without events', () => {
  it('has no stream, no bus, no secret, no function and no queue for them', () => {
    expect(off.state.findResources('AWS::Events::EventBus')).toEqual({});
    expect(JSON.stringify(off.state.findResources('AWS::DynamoDB::GlobalTable'))).not.toContain('StreamSpecification');
    expect(namesOf(off.state, 'AWS::SecretsManager::Secret')).not.toContain('Webhooks');
    const own = ['AWS::Lambda::Function', 'AWS::SQS::Queue'].flatMap((type) => namesOf(off.service, type));
    expect(own.filter((name) => /Events|Webhook/.test(name))).toEqual([]);
    expect(JSON.stringify(off.service.toJSON())).not.toMatch(/webhook/i);
  });
});

describe('a stage with events', () => {
  it('has a bus of its name, and a stream of the table with both images', () => {
    on.state.hasResourceProperties('AWS::Events::EventBus', { Name: 'carillon-dev' });
    on.state.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
    expect(resources(on.state, 'AWS::Events::EventBus')[0]?.[1].DeletionPolicy).toMatch(/^Retain/);
  });

  it('reads the stream from its beginning, gives up nothing for 23 hours, and keeps the order of each partition', () => {
    expect(mapping()).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRecordAgeInSeconds: 23 * 3600,
    });
    expect(mapping()).not.toHaveProperty('MaximumRetryAttempts');
    expect(referred(mapping().DestinationConfig.OnFailure.Destination)).toBe('BackendEventsUnread');
  });

  it('lets the REST API show what became of webhooks, and have them tried again', () => {
    const { Variables } = propertiesOf(on.service, 'AWS::Lambda::Function', 'Http')['Environment'] as {
      Variables: Record<string, unknown>;
    };
    expect(JSON.stringify(Variables['WEBHOOK_QUEUE_URL'])).toContain('WebhookQueue');
  });

  it('has somebody told within ten minutes of a stream that stands still', () => {
    const [alarm] = Object.values(
      on.service.findResources('AWS::CloudWatch::Alarm', { Properties: { MetricName: 'IteratorAge' } }),
    );
    expect(alarm?.['Properties']).toMatchObject({
      Namespace: 'AWS/Lambda',
      Statistic: 'Maximum',
      ComparisonOperator: 'GreaterThanThreshold',
      Threshold: 300_000,
      Period: 60,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 5,
    });
  });

  it('is invoked by calls, devices and faults of push providers alone', () => {
    const keys = mapping().FilterCriteria.Filters.map(({ Pattern }) => JSON.parse(Pattern).dynamodb.Keys.sk.S[0]);
    expect(keys).toEqual(['CALL', { prefix: 'DEVICE#' }, { prefix: 'GONE#' }, 'FAULT']);
  });

  it.each<[string, () => z.ZodObject]>([
    ['EventsWorker', eventsEnv],
    ['WebhookWorker', webhookEnv],
  ])('gives %s the environment that its schema asks for, and nothing else', (name, schema) => {
    const { Variables } = propertiesOf(on.service, 'AWS::Lambda::Function', name)['Environment'] as {
      Variables: Record<string, unknown>;
    };
    const deployed = Object.entries(Variables).map(([key, value]) => [
      key,
      typeof value === 'string' ? value : 'https://made-by-cloudformation.example',
    ]);
    expect(schema().strict().safeParse(Object.fromEntries(deployed)).error).toBeUndefined();
    expect(Variables['PRIVATE_NETWORKS']).toBe('');
  });

  it('calls webhooks one by one within a group, and gives up none without an alarm', () => {
    const queue = propertiesOf(on.service, 'AWS::SQS::Queue', 'WebhookQueue');
    expect(queue).toMatchObject({ FifoQueue: true, SqsManagedSseEnabled: true, VisibilityTimeout: 11 });
    expect(propertiesOf(on.service, 'AWS::SQS::Queue', 'WebhookDead')).toMatchObject({ FifoQueue: true });
    const batches = resources(on.service, 'AWS::Lambda::EventSourceMapping')
      .filter(([, { Properties }]) => referred(Properties['EventSourceArn']) === 'WebhookQueue')
      .map(([, { Properties }]) => Properties['BatchSize']);
    expect(batches).toEqual([1]);
    const alarms = namesOf(on.service, 'AWS::CloudWatch::Alarm').map((name) => name.replace(/^Alarms/, ''));
    expect(alarms).toEqual(
      expect.arrayContaining([
        ...['EventsOld', 'EventsUnread', 'WebhooksOld', 'WebhookDead', 'WebhookPauseDead'],
        ...['EventsWorkerErrors', 'EventsWorkerThrottles', 'WebhookWorkerErrors', 'WebhookWorkerThrottles'],
      ]),
    );
  });

  it('names a section of the runbook in each of its alarms', () => {
    const described = JSON.stringify(on.service.findResources('AWS::CloudWatch::Alarm'));
    const named = new Set([...described.matchAll(/docs\/runbook\.md#([a-z-]+)/g)].map(([, anchor = '']) => anchor));
    const headings = readFileSync('docs/runbook.md', 'utf8').matchAll(/^## (.+)$/gm);
    const anchors = [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    expect(anchors).toEqual(expect.arrayContaining([...named]));
    expect([...named]).toEqual(
      expect.arrayContaining(['events-iterator-age', 'events-unread', 'webhooks-age', 'webhook-dead-letters']),
    );
  });

  it('shows its functions and queues on the dashboard', () => {
    const board = JSON.stringify(on.service.findResources('AWS::CloudWatch::Dashboard'));
    for (const name of ['EventsWorker', 'WebhookWorker', 'WebhookQueue', 'WebhookDead', 'BackendEventsUnread'])
      expect(board).toContain(name);
  });

  it('does nothing that AWS advises against, unless it states a reason', () => {
    const { app } = deployment({ events: true });
    expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
  });
});

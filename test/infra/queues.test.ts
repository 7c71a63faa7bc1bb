import { describe, expect, it } from 'vitest';
import { liveIn, propertiesOf, referred, resources, shortName, templates } from './synthesized.ts';

const { service } = templates();
const queues = resources(service, 'AWS::SQS::Queue');

describe('the queues', () => {
  it('are four, each with a dead-letter queue', () => {
    expect(queues.map(([id]) => shortName(id)).toSorted()).toEqual([
      'DeadlineDead',
      'DeadlineQueue',
      'HelloDead',
      'HelloQueue',
      'RingDead',
      'RingQueue',
      'RoomWorkDead',
      'RoomWorkQueue',
      'SocketIoJobsDead',
      'SocketIoJobsQueue',
    ]);
  });

  it.each([
    // Just above the 6 s time-out of the function: a ring that crashed comes back within seconds.
    { name: 'Ring', worker: 'RingWorker', visibility: 7 },
    { name: 'Deadline', worker: 'DeadlineWorker', visibility: 11 },
    { name: 'Hello', worker: 'Connection', visibility: 11 },
    { name: 'RoomWork', worker: 'Room', visibility: 11 },
    { name: 'SocketIoJobs', worker: 'SocketIo', visibility: 11 },
  ])('$name is consumed by $worker, ten at a time, and each message fails alone', ({ name, worker, visibility }) => {
    const queue = propertiesOf(service, 'AWS::SQS::Queue', `${name}Queue`);
    const { deadLetterTargetArn, maxReceiveCount } = queue['RedrivePolicy'] as Record<string, unknown>;
    expect(queue).toMatchObject({ VisibilityTimeout: visibility, SqsManagedSseEnabled: true });
    expect([referred(deadLetterTargetArn), maxReceiveCount]).toEqual([`${name}Dead`, 5]);

    const mappings = resources(service, 'AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => Properties);
    const mapping = mappings.find(({ EventSourceArn }) => referred(EventSourceArn) === `${name}Queue`);
    expect(liveIn(mapping?.['FunctionName'])).toBe(worker);
    expect(mapping).toMatchObject({ BatchSize: 10, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    expect(mapping).not.toHaveProperty('MaximumBatchingWindowInSeconds');
  });

  it.each(queues)('%s is encrypted, and accepts nothing without TLS', (id) => {
    service.hasResourceProperties('AWS::SQS::QueuePolicy', {
      Queues: [{ Ref: id }],
      PolicyDocument: {
        Statement: [{ Effect: 'Deny', Action: 'sqs:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }],
      },
    });
  });
});

describe('the alarms', () => {
  it.each(queues.filter(([id]) => id.includes('Dead') && !id.includes('Queue')))(
    'watch %s for its first message',
    (id) => {
      service.hasResourceProperties('AWS::CloudWatch::Alarm', {
        Namespace: 'AWS/SQS',
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [id, 'QueueName'] } }],
        Statistic: 'Maximum',
        ComparisonOperator: 'GreaterThanThreshold',
        Threshold: 0,
        TreatMissingData: 'notBreaching',
      });
    },
  );

  it('may publish to the topic, only over TLS', () => {
    service.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          { Effect: 'Deny', Action: 'sns:Publish', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
          {
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Action: 'sns:Publish',
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          },
        ],
      },
    });
  });

  it('mail whoever the stage names for their severity', () => {
    service.resourceCountIs('AWS::SNS::Subscription', 0);
    const mailed = templates({ pageEmail: 'oncall@example.com', ticketEmail: 'team@example.com' }).service;
    const subscriptions = resources(mailed, 'AWS::SNS::Subscription').map(([, { Properties }]) => Properties);
    expect(subscriptions.map(({ Endpoint, TopicArn }) => [referred(TopicArn), Endpoint]).toSorted()).toEqual([
      ['AlarmsPages', 'oncall@example.com'],
      ['AlarmsTickets', 'team@example.com'],
    ]);
  });
});

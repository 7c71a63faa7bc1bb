// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation's own substitutions look like that
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Assembly, Resource } from '#local/aws/template/assembly.ts';
import { templateReader } from '#local/aws/template/template.ts';

const resource = (stack: string, id: string, type: string, properties: Record<string, unknown> = {}): Resource => ({
  stack,
  id,
  type,
  properties,
});

function read(variable: unknown, ...more: Resource[]) {
  const assembly: Assembly = {
    resources: [
      resource('service', 'Http1A2B3C4D', 'AWS::Lambda::Function', { Environment: { Variables: { IT: variable } } }),
      resource('service', 'RingQueue0F0F0F0F', 'AWS::SQS::Queue'),
      resource('service', 'Sockets', 'AWS::ApiGatewayV2::Api', { ProtocolType: 'WEBSOCKET' }),
      resource('state', 'TableAAAAAAAA', 'AWS::DynamoDB::GlobalTable'),
      ...more,
    ],
    exports: new Map([['state:table', { stack: 'state', value: { Ref: 'TableAAAAAAAA' } }]]),
    assetDirectory: (key) => key,
  };
  const find = templateReader(assembly, { region: 'eu-west-1', internalUrl: 'http://127.0.0.1:9' });
  const schema = z.object({ Environment: z.object({ Variables: z.record(z.string(), z.string()) }) });
  return find('AWS::Lambda::Function', schema)[0]?.properties.Environment.Variables['IT'];
}

describe('the template reader', () => {
  it.each<[string, unknown, string]>([
    ['a queue by its local url', { Ref: 'RingQueue0F0F0F0F' }, 'http://127.0.0.1:9/000000000000/RingQueue'],
    ['an attribute', { 'Fn::GetAtt': ['RingQueue0F0F0F0F', 'Arn'] }, 'arn:aws:sqs:eu-west-1:000000000000:RingQueue'],
    ['an import from another stack', { 'Fn::ImportValue': 'state:table' }, 'state-Table'],
    [
      'a joined url',
      {
        'Fn::Join': [
          '',
          ['https://', { Ref: 'Sockets' }, '.execute-api.', { Ref: 'AWS::Region' }, '.amazonaws.com/ws'],
        ],
      },
      'https://sockets.execute-api.eu-west-1.amazonaws.com/ws',
    ],
    [
      'a substitution',
      { 'Fn::Sub': ['${Sockets} ${mine} ${!kept}', { mine: { Ref: 'AWS::AccountId' } }] },
      'sockets 000000000000 ${kept}',
    ],
    ['a substituted attribute', { 'Fn::Sub': '${RingQueue0F0F0F0F.QueueName}' }, 'RingQueue'],
    ['a part of a list', { 'Fn::Select': [1, { 'Fn::Split': ['/', 'a/b/c'] }] }, 'b'],
  ])('resolves %s', (_, written, expected) => {
    expect(read(written)).toBe(expected);
  });

  it('leaves out what the template means to be absent', () => {
    expect(read({ Ref: 'AWS::NoValue' })).toBeUndefined();
  });

  it('names the resource and the property that it cannot resolve', () => {
    expect(() => read({ 'Fn::FindInMap': ['a', 'b', 'c'] })).toThrow(
      'Http1A2B3C4D (AWS::Lambda::Function) Environment.Variables.IT: the local stack does not support Fn::FindInMap',
    );
    expect(() => read({ Ref: 'Nobody' })).toThrow('there is no resource Nobody in service');
    expect(() => read({ 'Fn::GetAtt': ['RingQueue0F0F0F0F', 'Colour'] })).toThrow('no local value for Fn::GetAtt');
    expect(() => read({ Ref: 'Topic' }, resource('service', 'Topic', 'AWS::SNS::Topic'))).toThrow('AWS::SNS::Topic');
  });

  it('names the property that does not have the expected shape', () => {
    expect(() => read(['a', 'list'])).toThrow('Http1A2B3C4D (AWS::Lambda::Function) Environment.Variables.IT');
  });
});

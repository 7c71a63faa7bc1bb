import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { addDeployment } from '#infra/deployment.ts';
import { stageOf } from '#infra/stage.ts';
import { embeddedLines, readEmbedded } from '../support/embedded-metric.ts';
import { MEASUREMENTS } from '../support/measurements.ts';
import { deployment, PRODUCTION, propertiesOf, referred, resources, shortName, templates } from './synthesized.ts';

const require = createRequire(import.meta.url);
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the package has no types
const { parse } = require('jsurl') as { readonly parse: (text: string) => unknown };

const { service } = templates({ events: true, ringHook: true });

/** The descriptions of all alarms, with `names` for what is known only when they are deployed. */
const descriptions = (template: Template, nameOf: (id: string) => string): [string, string][] =>
  resources(template, 'AWS::CloudWatch::Alarm').map(([id, { Properties }]) => {
    const { 'Fn::Join': text } = Properties['AlarmDescription'] as {
      'Fn::Join': [string, (string | { Ref: string })[]];
    };
    return [
      shortName(id).replace(/^Alarms/, ''),
      text[1].map((part) => (typeof part === 'string' ? part : nameOf(part.Ref))).join(''),
    ];
  });

const question = z.strictObject({
  end: z.literal(0),
  start: z.literal(-3600),
  timeType: z.literal('RELATIVE'),
  unit: z.literal('seconds'),
  editorString: z.string(),
  source: z.array(z.string()).min(1),
});

/** What the link in a description asks, and in which region. */
function asked(description: string): { readonly region: string; readonly query: string; readonly groups: string[] } {
  const [, url = ''] = / Logs: (\S+)$/.exec(description) ?? [];
  const { host, pathname, searchParams, hash } = new URL(url);
  const region = searchParams.get('region') ?? '';
  expect(`${host}${pathname}`).toBe(`${region}.console.aws.amazon.com/cloudwatch/home`);
  const [, detail = ''] = /^#logsV2:logs-insights\$3FqueryDetail\$3D(.+)\$26tab\$3Dlogs$/.exec(hash) ?? [];
  const { editorString: query, source: groups } = question.parse(parse(detail));
  return { region, query, groups };
}

const links = descriptions(service, (id) => (id === 'AWS::Region' ? 'eu-north-1' : id)).map(
  ([name, description]) => [name, asked(description)] as const,
);

/** What the functions log, by its message: the fields of its lines. */
const logged = new Map<string, readonly string[]>();
for (const file of globSync('functions/**/*.ts')) {
  for (const [, message = '', about = ''] of readFileSync(file, 'utf8').matchAll(
    /log\.(?:info|warn|error)\(\s*'([^']+)'(?:,\s*\{([^}]*)\})?/g,
  )) {
    const keys = [...about.matchAll(/(?<=^|[\s,])(\w+)(?=\s*[:,]|\s*$)/g)].map(([key]) => key);
    const fields = keys.flatMap((key) => (key === 'error' ? ['error.name', 'error.message', 'error.stack'] : [key]));
    logged.set(message, [...(logged.get(message) ?? []), ...fields]);
  }
}

/** The fields of the lines that hold our metrics. */
const measured = Object.values(MEASUREMENTS).flatMap((measurement) =>
  embeddedLines('dev', measurement).flatMap((line) => Object.keys(readEmbedded(line).fields)),
);

const { Format } = propertiesOf(service, 'AWS::ApiGatewayV2::Stage', 'RestStage')['AccessLogSettings'] as {
  Format: string;
};

/** @see https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html */
const PLATFORM = ['type', 'record.status'];

const known = new Set([
  ...['level', 'message'],
  ...[...logged.values()].flat(),
  ...measured,
  ...Object.keys(JSON.parse(Format) as object),
  ...PLATFORM,
]);

const LANGUAGE = /^(filter|fields|stats|sort|limit|by|and|or|like|desc|count|bin|ispresent|\d+\w?)$/;

/** The fields that a query names, besides those that CloudWatch gives every line. */
const fieldsOf = (query: string): string[] =>
  [...query.replace(/"[^"]*"|\/[^/]*\//g, '').matchAll(/@?[\w.]+/g)]
    .map(([word]) => word)
    .filter((word) => !word.startsWith('@') && !LANGUAGE.test(word));

describe('the link to the logs in the description of an alarm', () => {
  it.each(links)('%s opens log groups of the stage, in its region', (_, { region, groups }) => {
    expect(region).toBe('eu-north-1');
    expect(resources(service, 'AWS::Logs::LogGroup').map(([id]) => id)).toEqual(expect.arrayContaining(groups));
  });

  it.each(links)('%s asks for fields that lines of our logs have', (_, { query }) => {
    const fields = fieldsOf(query);
    expect(fields).not.toEqual([]);
    expect([...known]).toEqual(expect.arrayContaining(fields));
  });

  it.each(links)('%s looks for messages that the functions log', (_, { query }) => {
    const messages = [...query.matchAll(/message = "([^"]+)"/g)].map(([, message = '']) => message);
    expect([...logged.keys()]).toEqual(expect.arrayContaining(messages));
    if (messages.length === 0) return;
    const fields = [...messages.flatMap((message) => logged.get(message) ?? []), 'message', ...PLATFORM];
    expect(fields).toEqual(expect.arrayContaining(fieldsOf(query)));
  });

  it('asks the function whose failures set the alarm off', () => {
    const logsOf = (name: string) =>
      (propertiesOf(service, 'AWS::Lambda::Function', name)['LoggingConfig'] as Record<string, unknown>)['LogGroup'];
    for (const name of resources(service, 'AWS::Lambda::Function').map(([id]) => shortName(id))) {
      for (const alarm of [`${name}Errors`, `${name}Throttles`]) {
        const groups = links.find(([id]) => id === alarm)?.[1].groups;
        expect([alarm, groups?.map(shortName)]).toEqual([alarm, [referred(logsOf(name))]]);
      }
    }
  });

  it.each([
    ['RingDead', ['RingWorkerLogs']],
    ['HelloDead', ['ConnectionLogs']],
    ['WebhookDead', ['WebhookWorkerLogs']],
    ['RestFails', ['RestAccessLogs', 'HttpLogs']],
    ['WebSocketFails', ['ConnectionLogs', 'CommandLogs', 'SignalLogs']],
    ['RingToPushSlow', ['RingWorkerLogs']],
  ])('%s asks those who know', (alarm, groups) => {
    expect(links.find(([id]) => id === alarm)?.[1].groups.map(shortName)).toEqual(groups);
  });

  it('asks how far above the stage’s limit rings were', () => {
    expect(links.find(([id]) => id === 'RingToPushSlow')?.[1].query).toContain('RingToPush > 3000');
  });

  it('keeps the description within 1024 characters, wherever the stage is', () => {
    const { service: stack } = deployment({ ...PRODUCTION, events: true, ringHook: true });
    const long = descriptions(Template.fromStack(stack), (id) =>
      id === 'AWS::Region' ? 'ap-southeast-2' : `${stack.stackName}-${id}-1ESFNTP5V5UKZ`,
    ).filter(([, description]) => description.length > 1024);
    expect(long).toEqual([]);
  });

  it('is not made if it might not fit', () => {
    const stage = { ...stageOf('dev', { corsOrigins: ['https://app.example.com'] }), name: 'x'.repeat(30) };
    expect(() => addDeployment(new App({ context: { 'aws:cdk:bundling-stacks': [] } }), stage)).toThrow(
      /alarm InternalErrors may have \d+ of 1024 characters: choose a shorter name for the stage/,
    );
  });
});

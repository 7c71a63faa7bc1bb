import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { deployment, PRODUCTION, templates } from './synthesized.ts';

const STREAM = 'arn:aws:dynamodb:eu-central-1:111122223333:table/Restored/stream/2026-01-31T09:00:00.000';
const all = Object.entries(templates());

describe('the templates', () => {
  it.each(all)('%s: has not changed since somebody last reviewed it', (_, template) => {
    expect(withoutVersions(template.toJSON())).toMatchSnapshot();
  });

  it.each([
    { stage: 'dev' },
    { stage: 'test', tracing: true, frameLogs: false, events: true },
    { ...PRODUCTION, events: true, restoredTable: 'Restored', restoredTableStream: STREAM },
  ])('$stage: do nothing that AWS advises against, unless they state a reason', (choice) => {
    const { app } = deployment(choice);
    expect(new AwsSolutionsChecks().validateScope(app).violations).toEqual([]);
  });

  it('tell whoever deploys them where everything is', () => {
    const outputs = Object.values(templates()).flatMap((template) => Object.keys(template.findOutputs('*')));
    expect(outputs).toEqual(
      expect.arrayContaining([
        'HttpUrl',
        'WebSocketUrl',
        'TableName',
        'PushProvidersSecret',
        'TokenKeysSecret',
        'TurnSecret',
      ]),
    );
  });
});

/** The template without what changes from release to release. */
function withoutVersions(template: object): unknown {
  const text = JSON.stringify(template)
    .replace(/[0-9a-f]{64}\.zip/g, 'bundle.zip')
    .replace(/(CurrentVersion[0-9A-F]{8})[0-9a-f]{32}/g, '$1')
    .replace(/"VERSION":"[^"]+"/, '"VERSION":"version"');
  return JSON.parse(text);
}

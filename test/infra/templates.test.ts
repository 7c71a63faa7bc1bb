import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { deployment, templates } from './synthesized.ts';

const both = Object.entries(templates());

describe('the templates', () => {
  it.each(both)('%s: is the one that was last looked at', (_, template) => {
    expect(withoutVersions(template.toJSON())).toMatchSnapshot();
  });

  it.each(['dev', 'test', 'prod'])('%s: nothing that AWS advises against, but for a stated reason', (stage) => {
    const { app } = deployment({ stage });
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

/** The template with what changes from one release to the next replaced. */
function withoutVersions(template: object): unknown {
  const text = JSON.stringify(template)
    .replace(/[0-9a-f]{64}\.zip/g, 'bundle.zip')
    .replace(/"VERSION":"[^"]+"/, '"VERSION":"version"');
  return JSON.parse(text);
}

import { expect, inject, it } from 'vitest';
import { person, pushes, pushOf, ring } from '../support/people.ts';
import { run } from '../support/program.ts';

it('says at / what this is, with links that all lead somewhere', async () => {
  const url = inject('stackUrl');
  const response = await fetch(url);
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  const links = [...(await response.text()).matchAll(/href="([^"]+)"/g)].map(([, link]) => String(link));
  expect(links).toContain('/openapi.json');
  expect(links).toContain('/asyncapi.json');
  expect(links).toContain('/_local/pushes');
  const answers = await Promise.all(links.map((link) => fetch(new URL(link, url))));
  expect(answers.map(({ status }) => status)).toEqual(links.map(() => 200));
});

it('leaves every other method at / to the API', async () => {
  expect((await fetch(inject('stackUrl'), { method: 'POST' })).status).toBe(404);
});

it('shows the latest pushes of all tokens', async () => {
  const [alice, bob] = await Promise.all([person('alice'), person('bob')]);
  const phone = await bob.android();
  const { cid } = await ring(alice, bob);
  await pushOf(phone, 'call.ring');
  const { pushes: latest } = Object(await (await fetch(`${inject('stackUrl')}/_local/pushes`)).json());
  expect(latest).toContainEqual((await pushes(phone))[0]);
  expect(JSON.stringify(latest)).toContain(cid);
});

it('says in one line what to do if another one, or the demo, is started on its port', async () => {
  const url = inject('stackUrl');
  const programs = [['local/cli.ts', '--phones'], ['tools/demo.ts']];
  const ends = await Promise.all(programs.map((args) => run(process.execPath, args, { PORT: new URL(url).port })));
  for (const { code, output } of ends) {
    expect(code).toBe(1);
    expect(output.split('\n').slice(-2)).toEqual([
      `carillon could not start: a stack runs at ${url} already: open ${url}/console/phones to play a call there, or start another one with PORT=0`,
      '',
    ]);
    expect(output).not.toContain('    at ');
  }
});

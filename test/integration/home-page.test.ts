import { expect, inject, it } from 'vitest';
import { person, pushes, pushOf, rest, ring } from '../support/people.ts';
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

it('says in one line what to do if the demo, and so another one, is started on its port', async () => {
  const url = inject('stackUrl');
  const { code, output } = await run(process.execPath, ['tools/demo.ts'], { PORT: new URL(url).port });
  expect(code).toBe(1);
  expect(output.split('\n').slice(-2)).toEqual([
    `carillon could not start: a stack runs at ${url} already: open ${url}/console/phones to play a call there, or start another one with PORT=0`,
    '',
  ]);
  expect(output).not.toContain('    at ');
});

it('prints the address of the console with a token in the fragment, which is that of an operator by name', async () => {
  const url = inject('stackUrl');
  const { code, output } = await run(process.execPath, ['tools/console.ts', '--url', url, '--name', 'Olga']);
  const [, address, token = ''] = /^(\S+\/console\/)#token=(\S+)\n$/.exec(output) ?? [];
  expect({ code, address }).toEqual({ code: 0, address: `${url}/console/` });
  expect((await rest().request('GET', '/api/v2/calls?limit=1', { token })).status).toBe(200);
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  expect(claims).toMatchObject({ name: 'Olga', aud: 'carillon:operator', exp: claims.iat + 8 * 3600 });
});

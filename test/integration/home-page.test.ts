import { expect, inject, it } from 'vitest';
import { person, pushes, pushOf, ring } from '../support/people.ts';

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

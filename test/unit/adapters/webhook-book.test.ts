import { expect, it } from 'vitest';
import { webhookBook } from '#adapters/webhooks/webhook-book.ts';

const SECRET = 'whsec_c2VjcmV0';

const textOf = (secret: unknown): string => (typeof secret === 'string' ? secret : JSON.stringify(secret));

/** A book on this secret, which may change, and the faults that it has named. */
function aBook(secret: unknown) {
  const faults: string[] = [];
  let text = textOf(secret);
  const book = webhookBook({
    read: async () => text,
    mayReach: (address) => address === '203.0.113.7',
    onFault: (fault) => faults.push(fault),
  });
  return {
    ...book,
    faults,
    change: (next: unknown) => {
      text = textOf(next);
    },
  };
}

it('takes one secret, or two as a list or with a space between them', async () => {
  const secrets = [SECRET, [SECRET, 'whsec_bmV3'], `${SECRET} whsec_bmV3`];
  const { all, faults } = aBook(secrets.map((secret, i) => ({ url: `https://${i}.example`, secret })));
  expect((await all()).map((webhook) => webhook.secrets.length)).toEqual([1, 2, 2]);
  expect(faults).toEqual([]);
});

it.each([
  [{ url: 'http://a.example', secret: SECRET }, 'url must be an https address'],
  [{ url: 'a.example/x?token=t', secret: SECRET }, 'url must be an https address'],
  [{ url: 'https://[fe80::1', secret: SECRET }, 'url must be an https address'],
  [{ url: 'https://10.0.0.1/x?token=t', secret: SECRET }, 'url is not on the public internet'],
  [{ url: 'https://[fe80::1]/', secret: SECRET }, 'url is not on the public internet'],
  [{ url: 'https://a.example', secret: [] }, 'secret'],
  [{ url: 'https://a.example', secret: 'whsec_' }, 'secret'],
  [{ url: 'https://a.example' }, 'secret'],
  [{ url: 'https://a.example', secret: SECRET, events: ['call.over'] }, 'events.0 is no event'],
])('leaves out %j, says why, and calls the others', async (refused, why) => {
  const { all, faults } = aBook([refused, { url: 'https://203.0.113.7/hook', secret: SECRET }]);
  expect((await all()).map(({ url }) => url)).toEqual(['https://203.0.113.7/hook']);
  expect(faults).toEqual([expect.stringMatching(/^webhook 1 is refused: /)]);
  expect(faults[0]).toContain(why);
  expect(faults[0]).not.toMatch(/token=t|c2VjcmV0/);
  await all();
  expect(faults).toHaveLength(1);
});

it('goes on with what it knew while the secret cannot be read, and without any lets everything wait', async () => {
  await expect(aBook('[{').all()).rejects.toThrow('not a list in JSON');
  const { all, faults, change } = aBook([{ url: 'https://a.example', secret: SECRET }]);
  const [before] = await all();
  change('[{"url":');
  expect(await all()).toEqual([before]);
  expect(faults).toEqual(['the webhooks secret is not a list in JSON']);
  change([{ url: 'https://a.example', secret: 'whsec_bmV3' }]);
  const [after] = await all();
  expect(after).toMatchObject({ key: before?.key, secrets: ['whsec_bmV3'] });
});

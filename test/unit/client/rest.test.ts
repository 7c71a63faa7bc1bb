import { createServer } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { Rest } from '#client/rest.ts';
import { Tokens } from '#client/tokens.ts';
import { listening } from '../../support/program.ts';

it.each(['', 'null', '"calls"', '7', '<!doctype html><b>hello</b>'])(
  'takes an answer that shows nothing for that of something else: %j',
  async (body) => {
    const server = createServer((_, response) => response.end(body));
    onTestFinished(() => void server.close());
    const rest = new Rest(await listening(server), new Tokens('a.token', Date.now));
    await expect(rest.request('GET', '/api/v2/calls')).rejects.toMatchObject({ code: 'not_carillon' });
  },
);

it('takes no answer for one, where there is nothing to show', async () => {
  const server = createServer((_, response) => response.writeHead(204).end());
  onTestFinished(() => void server.close());
  const rest = new Rest(await listening(server), new Tokens('a.token', Date.now));
  expect(await rest.request('DELETE', '/api/v2/devices')).toBeNull();
});

import { once } from 'node:events';
import { connect } from 'node:net';
import { expect, it } from 'vitest';
import { http2Channel } from '#adapters/http2/channel.ts';
import { aService } from '../../support/push/a-service.ts';

it('closes also beside a client that has connected and says nothing', async () => {
  const service = await aService(({ answer }) => answer());
  const silent = connect(Number(new URL(service.endpoint).port), '127.0.0.1').on('error', () => undefined);
  await once(silent, 'connect');
  // Connections are accepted in their order, so the silent one is accepted once the other is used.
  expect(await http2Channel(service.endpoint).send({ path: '/', headers: {}, body: '' }, 60_000)).toMatchObject({
    status: 200,
  });
  const gone = once(silent, 'close');
  await service.close();
  await gone;
});

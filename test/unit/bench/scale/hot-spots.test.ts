import { expect, it } from 'vitest';
import { hotSpots } from '#test/bench/scale/machine/hot-spots.ts';

const node = (id: number, functionName: string, url: string) => ({
  id,
  callFrame: { functionName, url, lineNumber: 4, columnNumber: 0 },
});

it('divides the working time among functions and owners, without idle time and the time of a frozen process', async () => {
  const nodes = [
    node(1, '(idle)', ''),
    node(2, 'dispatch', 'file:///repo/local/aws/gateway/websocket-connection.ts'),
    node(3, 'send', 'file:///repo/node_modules/ws/lib/sender.js'),
    node(4, '', 'node:net'),
  ];
  const { functions, owners } = await hotSpots({
    nodes,
    samples: [1, 2, 3, 2, 4],
    timeDeltas: [9000, 500, 500, 60_000_000, 1000],
  });
  expect(functions).toEqual([
    { name: 'dispatch', where: 'local/aws/gateway/websocket-connection.ts', share: 0.625 },
    { name: ':5', where: 'node:net', share: 0.25 },
    { name: 'send', where: 'ws/sender.js', share: 0.125 },
  ]);
  expect(owners).toEqual({ local: 0.625, Node: 0.25, ws: 0.125 });
});

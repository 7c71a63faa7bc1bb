import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { build } from 'esbuild';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { startChromium } from '../../support/browser/chromium.ts';
import { listening } from '../../support/program.ts';
import { type Contestant, playInTurn } from '../latency/samples.ts';
import { sceneryAt } from '../latency/scenery.ts';
import { startLocalStack } from '../local-stack.ts';
import { startPeerProcess } from '../peers/peer-process.ts';
import { quantile, rounded } from '../quantile.ts';
import { CARILLON, type Contender, PEER_JS, SOCKET_IO } from './contenders.ts';

/** What is measured of a call, from the click on Call. */
export type CallFigure = 'incoming' | 'connected' | 'picture';

/** A time of Carillon beside those of the others. */
export interface CallTime {
  readonly figure: CallFigure;
  /** Medians, in ms. */
  readonly carillon: number;
  readonly peerJs: number;
  readonly socketIo: number;
  readonly calls: number;
}

const FIGURES: readonly CallFigure[] = ['incoming', 'connected', 'picture'];

/** Calls before those that count. */
export const WARM_UP = 2;
/** How long to wait for what must come. */
const PATIENCE_MS = 60_000;

/** The address that the scripts of all apps have. */
const ADDRESS = 'http://127.0.0.1:8181';

/** Plays the same call on the same page with each package, in turn, in one Chromium with a camera that is made up. */
export async function measureCalls(calls: number): Promise<CallTime[]> {
  const [stack, peerServer, relay, browserServer] = await Promise.all([
    startLocalStack({ CARILLON_SETTINGS: JSON.stringify({ events: false }) }),
    startPeerProcess('peer-js-server.ts'),
    startPeerProcess('call/socket-io-relay.ts'),
    startChromium(),
  ]);
  const browser = await chromium.connect(browserServer.wsEndpoint());
  const context = await browser.newContext({ permissions: ['camera', 'microphone'] });
  try {
    const clock = await scriptOf('test/bench/client/page-clock.ts');
    await context.addInitScript({ content: clock });
    const contestants = [
      await pagesOf(context, CARILLON, stack.url, sceneryAt(stack.url).quiet),
      await pagesOf(context, PEER_JS, `http://127.0.0.1:${peerServer.port}`),
      await pagesOf(context, SOCKET_IO, `http://127.0.0.1:${relay.port}`),
    ];
    const taken = await playInTurn(contestants, { calls, warmUp: WARM_UP }, (done) => {
      if (done % 5 === 0) process.stderr.write(`client: ${done} calls by each package\n`);
    });
    const median = ({ name }: Contender, figure: CallFigure): number =>
      quantile(
        (taken.get(name)?.get(figure) ?? []).toSorted((a, b) => a - b),
        0.5,
      );
    return FIGURES.map((figure) => ({
      figure,
      carillon: rounded(median(CARILLON, figure), 1),
      peerJs: rounded(median(PEER_JS, figure), 1),
      socketIo: rounded(median(SOCKET_IO, figure), 1),
      calls,
    }));
  } finally {
    await browserServer.close();
    await Promise.all([stack.stop(), peerServer.stop(), relay.stop()]);
  }
}

async function scriptOf(path: string): Promise<string> {
  const { outputFiles } = await build({ entryPoints: [path], bundle: true, format: 'esm', write: false });
  return outputFiles[0]?.text ?? '';
}

/** Opens the pages of a caller and of a callee, who are connected. */
async function pagesOf(
  context: BrowserContext,
  { name, app }: Contender,
  url: string,
  quiet: () => Promise<void> = async () => undefined,
): Promise<Contestant> {
  const script = (await scriptOf(app)).replaceAll(ADDRESS, url);
  const server = createServer((request, response) => {
    const isScript = request.url === '/out/call.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? script : readFileSync('examples/web/index.html'));
  }).unref();
  const origin = await listening(server);
  const open = async (user: string): Promise<Page> => {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    page.on('pageerror', (error) => process.stderr.write(`${name}: ${error.stack}\n`));
    await page.goto(`${origin}/?me=${user}`);
    await page.getByText('connected').waitFor();
    await page.evaluate('bench.camera()');
    return page;
  };
  const [hers, his] = [await open('alice'), await open('bob')];
  const both = <Result>(what: (page: Page) => Promise<Result>) => Promise.all([what(hers), what(his)]);
  return {
    name,
    async play() {
      await quiet();
      await hers.evaluate("bench.ring('bob')");
      await both((page) => page.waitForFunction('bench.isTalking()', undefined, { polling: 50 }));
      await hers.evaluate("document.querySelector('#hang-up').click()");
      await both((page) => page.waitForFunction('bench.isOver()', undefined, { polling: 50 }));
      const marks = await both((page) => page.evaluate<Readonly<Record<string, number>>>('bench.take()'));
      const since = (figure: string): number =>
        Math.max(...marks.map(({ [figure]: at = 0 }) => at)) - (marks[0]['rang'] ?? Number.NaN);
      return FIGURES.map((figure) => ({ figure, ms: since(figure) }));
    },
  };
}

import { createServer } from 'node:http';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';
import { inject, onTestFinished } from 'vitest';
import { newContext } from '../support/browser/context.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import type { Person } from '../support/people.ts';
import { listening } from '../support/program.ts';
import { type StalledRelay, stalledRelay } from '../support/stalled-relay.ts';
import type { App, Received } from './app.ts';

let origin: Promise<string> | undefined;

/** Serves a page of the tests. */
export async function serve(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: 'iife',
    write: false,
    target: 'es2022',
  });
  const script = outputFiles[0]?.text ?? '';
  const server = createServer(({ url }, response) => {
    if (url === '/page.js') response.setHeader('content-type', 'text/javascript').end(script);
    else response.setHeader('content-type', 'text/html').end('<!doctype html><body><script src="/page.js"></script>');
  });
  server.unref();
  return listening(server);
}

/** A user's page. */
export interface Tab {
  readonly page: Page;
  readonly network: StalledRelay;
  /** Calls a function of the page. */
  do<Name extends keyof App>(name: Name, ...args: Parameters<App[Name]>): Promise<Awaited<ReturnType<App[Name]>>>;
  reload(): Promise<void>;
}

/** Opens a page that may use the camera and the microphone. */
export async function newPage(url: string): Promise<Page> {
  const context = await newContext({ permissions: ['camera', 'microphone'] });
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** Opens a page of `who` and connects it, behind a network of its own: in a browser of its own, or as a tab beside another one. */
export async function open(
  who: Person,
  { hardwareId, beside }: { readonly hardwareId?: string; readonly beside?: Tab } = {},
): Promise<Tab> {
  const network = await stalledRelay(inject('stackUrl'));
  onTestFinished(() => network.close());
  origin ??= serve('test/browser/page.ts');
  const page = beside ? await beside.page.context().newPage() : await newPage(await origin);
  if (beside) await page.goto(await origin);
  const tab: Tab = {
    page,
    network,
    do: (name, ...args) => page.evaluate(`app.${name}(...${JSON.stringify(args)})`),
    async reload() {
      await page.reload();
      await connect();
    },
  };
  const connect = (): Promise<string> =>
    tab.do('connect', { url: network.url, token: who.token, ...(hardwareId !== undefined && { hardwareId }) });
  await connect();
  return tab;
}

/** Waits until more frames and more sound have come to a page since now, from so many others. */
export async function hearsAndSees(tab: Tab, others = 1): Promise<void> {
  const before = await tab.do('received');
  await sees(
    tab,
    ({ frames, energy, peers }) => peers === others && frames > before.frames + 5 && energy > before.energy,
  );
}

/** Waits until what has come to a page is so. */
export async function sees(tab: Tab, fits: (received: Received) => boolean): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    const received = await tab.do('received');
    if (fits(received)) return;
    if (Date.now() > until) {
      throw new Error(`not seen: ${JSON.stringify(received)}, ${JSON.stringify(await tab.do('look'))}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** A call of two pages, in which both hear and see each other. */
export async function talking(
  hers: Tab,
  his: Tab,
  callee: Person,
  configuration: Parameters<App['join']>[0] = {},
): Promise<void> {
  await hers.do('ring', [callee.id]);
  await Promise.all([hers.do('join', configuration), his.do('answer').then(() => his.do('join', configuration))]);
  await Promise.all([hearsAndSees(hers), hearsAndSees(his)]);
}

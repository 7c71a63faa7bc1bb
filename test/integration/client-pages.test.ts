import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { clientPage, clientPages, codeIn, quoted } from '../support/client-pages.ts';
import { FakePeerConnection } from '../support/fake-peer-connection.ts';
import { callPath, eventually, type Person, people, rest } from '../support/people.ts';

describe('a route that the pages for app developers name', () => {
  const routes = new Set(
    clientPages()
      .flatMap(quoted)
      .filter((text) => /^(GET|POST|DELETE) \S+$/.test(text)),
  );

  it.each([...routes])('exists: %s', async (route) => {
    const [method = '', path = ''] = route.split(' ');
    const whole = path.replace('…', callPath('any')).replace('{type}/{id}', 'default/any');
    expect((await rest().request(method, whole)).status).not.toBe(404);
  });
});

/** A WebSocket that the test can close. */
class RecordedWebSocket extends WebSocket {
  static readonly all: RecordedWebSocket[] = [];

  constructor(url: string, protocols: string[]) {
    super(url, protocols);
    RecordedWebSocket.all.push(this);
  }
}

interface CallOnPage {
  readonly cid: string;
}

interface Phone {
  call(userId: string, options?: object): Promise<CallOnPage>;
  answer(cid: string): Promise<CallOnPage>;
  resume(cid: string): Promise<CallOnPage>;
  decline(cid: string): Promise<unknown>;
  hangUp(cid: string): Promise<unknown>;
}

interface Browser {
  readonly phone: Phone;
  readonly socket: EventTarget & { readonly isOpen: boolean; open(): Promise<void>; close(): void };
  readonly heard: [what: string, cid: string, why: string | undefined][];
  /** Waits until the screen has heard this, and returns the cid of the call. */
  hears(what: string, why?: string): Promise<string>;
}

describe('the browser client on the page', () => {
  const code = codeIn(clientPage('web.md'), 'js');
  const open: Browser[] = [];
  let client: {
    CarillonSocket: new (options: object) => Browser['socket'];
    CarillonPhone: new (...args: unknown[]) => Phone;
  };

  beforeAll(async () => {
    vi.stubGlobal('RTCPeerConnection', FakePeerConnection);
    vi.stubGlobal('WebSocket', RecordedWebSocket);
    client = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  });

  afterAll(() => {
    for (const { socket } of open) socket.close();
    vi.unstubAllGlobals();
  });

  async function browserOf({ id, token }: Person, hardwareId = id): Promise<Browser> {
    const url = inject('stackUrl');
    const getToken = async () => token;
    const heard: Browser['heard'] = [];
    const hear = (what: string) => (call: CallOnPage, why?: string) => void heard.push([what, call.cid, why]);
    const screen = {
      media: async () => ({ getTracks: () => [] }),
      incoming: hear('incoming'),
      ringing: hear('ringing'),
      silent: hear('silent'),
      over: hear('over'),
      active: hear('active'),
    };
    const socket = new client.CarillonSocket({ url: `${url.replace('http', 'ws')}/ws`, hardwareId, getToken });
    const phone = new client.CarillonPhone(socket, { api: url, me: id, getToken }, screen);
    const hears: Browser['hears'] = (what, why) =>
      eventually(
        async () => heard.find(([which, , reason]) => which === what && (why === undefined || reason === why))?.[1],
        `${what} ${why ?? ''} at ${hardwareId}: ${JSON.stringify(heard)}`,
      );
    const browser = { phone, socket, heard, hears };
    open.push(browser);
    await greeted(browser, () => socket.open());
    return browser;
  }

  async function greeted({ socket }: Browser, by: () => void): Promise<void> {
    const hello = new Promise<void>((resolve) => {
      socket.addEventListener(
        'frame',
        (event) => event instanceof CustomEvent && event.detail.type === 'user.connected' && resolve(),
      );
    });
    by();
    await hello;
  }

  const connected = async (from: number): Promise<[FakePeerConnection, FakePeerConnection]> =>
    eventually(async () => {
      const [caller, callee] = FakePeerConnection.made.slice(from);
      return caller?.added.length === 2 && callee?.added.length === 2 && [caller, callee];
    }, 'candidates at both ends');

  it('rings, is answered, exchanges descriptions and candidates, and hangs up', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, his, tablet] = [await browserOf(alice), await browserOf(bob), await browserOf(bob, 'tablet')];
    const from = FakePeerConnection.made.length;
    const { cid } = await hers.phone.call(bob.id);
    await his.hears('incoming');
    await hers.hears('ringing');
    await tablet.hears('incoming');
    await his.phone.answer(cid);
    await tablet.hears('silent', 'answered_elsewhere');
    const [caller, callee] = await connected(from);
    expect(callee.remoteDescription).toEqual({ type: 'offer', sdp: caller.localDescription?.sdp });
    expect(caller.remoteDescription).toEqual({ type: 'answer', sdp: callee.localDescription?.sdp });
    expect(callee.iceServers).toEqual((await bob.get('/api/v2/ice_servers')).body.ice_servers);
    await his.phone.hangUp(cid);
    await hers.hears('over', 'completed');
    expect(caller.connectionState).toBe('closed');
    expect(hers.heard.filter(([what]) => what === 'over')).toHaveLength(1);
  });

  it('declines and cancels calls', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, his] = [await browserOf(alice), await browserOf(bob)];
    const declined = await hers.phone.call(bob.id);
    await his.phone.decline(await his.hears('incoming'));
    await hers.hears('over', 'rejected');
    const cancelled = await hers.phone.call(bob.id);
    await eventually(
      async () => his.heard.some(([what, cid]) => what === 'incoming' && cid === cancelled.cid),
      'a ring',
    );
    await hers.phone.hangUp(cancelled.cid);
    await his.hears('silent', 'cancelled');
    expect(declined.cid).not.toBe(cancelled.cid);
  });

  it('answers the call of the user who is ringing it already', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, his] = [await browserOf(alice), await browserOf(bob)];
    const { cid } = await hers.phone.call(bob.id);
    await his.hears('incoming');
    expect((await his.phone.call(alice.id)).cid).toBe(cid);
    await hers.phone.hangUp(cid);
    await his.hears('over', 'completed');
  });

  it('resumes a call after the page was reloaded', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, his] = [await browserOf(alice), await browserOf(bob)];
    const from = FakePeerConnection.made.length;
    const { cid } = await hers.phone.call(bob.id);
    await his.phone.answer(await his.hears('incoming'));
    const [caller] = await connected(from);
    his.socket.close();
    const reloaded = await browserOf(bob);
    expect(await reloaded.hears('active')).toBe(cid);
    await reloaded.phone.resume(cid);
    const [, , resumed] = FakePeerConnection.made.slice(from);
    await eventually(async () => resumed?.added.length === 2, 'candidates at the reloaded page');
    await eventually(async () => caller.added.length === 4, 'candidates of the reloaded page');
    await reloaded.phone.hangUp(cid);
    await hers.hears('over', 'completed');
  });

  it('continues over a new socket after it has replaced one and lost another', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, his] = [await browserOf(alice), await browserOf(bob)];
    const from = FakePeerConnection.made.length;
    const { cid } = await hers.phone.call(bob.id);
    await his.phone.answer(await his.hears('incoming'));
    const [caller] = await connected(from);
    await greeted(his, () => void his.socket.open());
    await greeted(his, () => RecordedWebSocket.all.at(-1)?.close());
    Object.assign(caller, { connectionState: 'failed' }).dispatchEvent(new Event('connectionstatechange'));
    await eventually(async () => caller.added.length === 4, 'candidates of a second answer');
    await hers.phone.hangUp(cid);
    await his.hears('over', 'completed');
  });
});

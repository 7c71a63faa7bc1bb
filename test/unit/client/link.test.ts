import { afterEach, expect, it, vi } from 'vitest';
import { Link } from '#client/link.ts';
import { TIMING } from '#client/timing.ts';

afterEach(() => vi.unstubAllGlobals());

const link = new Link({
  timing: TIMING,
  open: () => Promise.reject(new Error('no network')),
  diagnose: () => Promise.resolve(undefined),
  onEvent: () => undefined,
  onState: () => undefined,
});

it('knows how long a frame is, also in a runtime without TextEncoder', () => {
  vi.stubGlobal('TextEncoder', undefined);
  const candidatesOf = (candidate: string) => ({
    type: 'ice.candidate' as const,
    call_cid: 'default:call',
    candidates: [{ candidate }],
  });
  const MOST = 32_768;
  for (const char of ['x', '\n', 'é', '\uffff', '😀', '\ud800']) {
    const bytesWith = (count: number) => Buffer.byteLength(JSON.stringify(candidatesOf(char.repeat(count))));
    const most = Math.floor((MOST - bytesWith(0)) / (bytesWith(1) - bytesWith(0)));
    expect(() => link.notify(candidatesOf(char.repeat(most)))).not.toThrow();
    const message = `ice.candidate: is ${bytesWith(most + 1)} bytes long, and ${MOST} are allowed`;
    expect(() => link.notify(candidatesOf(char.repeat(most + 1)))).toThrow(
      expect.objectContaining({ code: 'payload_too_large', message }),
    );
  }
});

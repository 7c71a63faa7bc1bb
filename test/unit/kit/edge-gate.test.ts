import { describe, expect, it } from 'vitest';
import { edgeGate } from '#kit/entry/edge-gate.ts';

const CURRENT = 'c'.repeat(48);
const PREVIOUS = 'p'.repeat(48);
const gate = edgeGate(JSON.stringify({ current: CURRENT, previous: PREVIOUS }));

describe('the gate of the edge', () => {
  it('lets in what shows a secret, the current one or the one before', () => {
    expect(gate({ 'x-carillon-edge': CURRENT })).toBe(true);
    expect(gate({ 'X-Carillon-Edge': PREVIOUS })).toBe(true);
  });

  it.each([undefined, '', 'c'.repeat(47), 'x'.repeat(48), `${CURRENT},${CURRENT}`, 'ü'.repeat(24)])(
    'lets in nothing that shows %s',
    (sent) => {
      expect(gate({ host: 'api.example', 'x-carillon-edge': sent })).toBe(false);
    },
  );

  it('lets in everything where there is no edge', () => {
    expect(edgeGate(undefined)({})).toBe(true);
  });

  it.each(['{"current":""}', '{"current":"short"}', 'text', '["x"]'])(
    'does not open with the unusable secret %s',
    (text) => {
      expect(() => edgeGate(text)).toThrow();
    },
  );
});

import { describe, expect, it } from 'vitest';
import { apsAlert } from '#wire/push/alert-text.ts';

const titleFor = (caller: string): string => {
  const alert = apsAlert({}, { title: '{caller}', body: 'Missed call' }, caller);
  return String(Object(alert).title);
};
const bytesOf = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2;

const FAMILY = '👩‍👩‍👧‍👦';
const FLAG = '🇮🇳';
const DEVANAGARI = 'क्षि';
const ACCENTED = 'a\u0308\u0323';

describe('the name of a caller in an alert', () => {
  it.each([
    ['Alice', 'Alice'],
    ['', ''],
    ['x'.repeat(40), 'x'.repeat(40)],
    ['x'.repeat(41), 'x'.repeat(40)],
    [FLAG.repeat(30), FLAG.repeat(30)],
    [`x${FLAG.repeat(31)}`, `x${FLAG.repeat(29)}`],
    [`${'x'.repeat(39)}${FLAG}${FLAG}`, `${'x'.repeat(39)}${FLAG}`],
    [`${'x'.repeat(39)}${FAMILY}y`, `${'x'.repeat(39)}${FAMILY}`],
    [FAMILY.repeat(11), FAMILY.repeat(9)],
    [`${'x'.repeat(39)}${DEVANAGARI}y`, `${'x'.repeat(39)}${DEVANAGARI}`],
    [ACCENTED.repeat(42), ACCENTED.repeat(40)],
    [`${'x'.repeat(39)}${ACCENTED}y`, `${'x'.repeat(39)}${ACCENTED}`],
    ['\u0001'.repeat(50), '\u0001'.repeat(40)],
  ])('is cut between characters as people see them: %j', (name, shown) => {
    expect(titleFor(name)).toBe(shown);
  });

  it('never takes more than 240 bytes, even if one character does', () => {
    const piled = `a${'\u0323'.repeat(127)}`;
    expect(titleFor(piled)).toMatch(/^a\u0323+$/);
    expect(bytesOf(titleFor(piled))).toBeLessThanOrEqual(240);
  });
});

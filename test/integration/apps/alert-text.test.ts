import { describe, expect, it, vi } from 'vitest';
import { APP_TEST_MS, membersOf, ordinary, pushed } from '../../support/apps.ts';
import { callPath, person, rest, tokenWith, unique } from '../../support/people.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const graphemes = (text: string): string[] => [...segmenter.segment(text)].map(({ segment }) => segment);

/** Graphemes that consist of several code points. */
const WIDE = {
  'a family': '👨‍👩‍👧‍👦',
  'a flag': '🇩🇪',
  'a flag of tags': '🏴󠁧󠁢󠁳󠁣󠁴󠁿',
  'a skin tone': '👍🏽',
  'a profession': '👩🏾‍🚀',
  'a heart on fire': '❤️‍🔥',
  'a keycap': '1️⃣',
  'a letter with its accent behind it': 'e\u0301',
  'a syllable of Hindi': 'नि',
  'a syllable of Korean in its parts': '\u1112\u1161\u11ab',
};

/** The title of the missed-call alert for a caller with this name. */
async function titleFor(name: string): Promise<string> {
  const callee = await person('callee');
  const alert = await ordinary(callee);
  const token = await tokenWith({ user_id: unique('caller'), name });
  const id = unique('call');
  const body = { members: membersOf(callee), ring: true };
  expect((await rest().request('POST', callPath(id), { token, body })).status).toBe(201);
  await rest().request('POST', callPath(id, '/leave'), { token, body: {} });
  return (await pushed(alert, 'call.missed')).body.aps.alert.title;
}

/** Expects `title` to be the start of `name`, cut between two graphemes if at all; an ellipsis may follow. */
function expectCutBetweenGraphemes(title: string, name: string): void {
  const whole = graphemes(name);
  const shown = graphemes(title.endsWith('…') && !name.startsWith(title) ? title.slice(0, -1) : title);
  expect(shown).toEqual(whole.slice(0, shown.length));
  expect(shown.length).toBeGreaterThan(0);
}

describe.each(Object.entries(WIDE))('the title of an alert with %s', (_, one) => {
  it('is never cut inside it, whatever its position', async () => {
    const most = Math.floor(60 / one.length);
    const names = Array.from({ length: 12 }, (_unused, i) => `${'a'.repeat(29 + i)}${one.repeat(most)}`);
    const titles = await Promise.all(names.map(titleFor));
    for (const [i, title] of titles.entries()) expectCutBetweenGraphemes(title, names[i] ?? '');
  });

  it('shows it in full in a short name', async () => {
    const name = `Zoë ${one}`;
    expect(await titleFor(name)).toBe(name);
  });

  it('is never cut inside it in a name that consists of nothing else', async () => {
    const name = one.repeat(Math.floor(120 / one.length));
    expectCutBetweenGraphemes(await titleFor(name), name);
  });
});

describe('the title of an alert', () => {
  it('shows an ordinary name in full', async () => {
    for (const name of ['Alice', 'Jean-Luc O’Hara', '李小龍', 'محمد']) expect(await titleFor(name)).toBe(name);
  });

  it('is shorter than a very long name', async () => {
    const name = 'n'.repeat(128);
    const title = await titleFor(name);
    expectCutBetweenGraphemes(title, name);
    expect(title.length).toBeLessThan(128);
  });
});

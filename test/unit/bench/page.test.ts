import { describe, expect, it } from 'vitest';
import { markdownTable } from '#test/bench/markdown-table.ts';
import { withPart } from '#test/bench/page.ts';

const PAGE = `# Benchmarks

<!-- one -->

old

<!-- /one -->

<!-- two -->

other

<!-- /two -->
`;

describe('a part of the page', () => {
  it('takes the place of what it was before, and of nothing else', () => {
    expect(withPart(PAGE, 'one', 'new\n')).toBe(PAGE.replace('old', 'new'));
    expect(withPart(PAGE, 'two', 'new $& text')).toBe(PAGE.replace('other', () => 'new $& text'));
  });

  it('comes last where the page has none yet', () => {
    expect(withPart(PAGE, 'three', 'new')).toBe(`${PAGE}\n<!-- three -->\n\nnew\n\n<!-- /three -->\n`);
  });

  it.each(['<!-- one -->', '<!-- /one -->'])('is not written where its mark %s is lost', (mark) => {
    expect(() => withPart(PAGE.replace(mark, ''), 'one', 'new')).toThrow('part one');
  });
});

describe('a table', () => {
  it('has columns that are as wide as what is in them', () => {
    expect(markdownTable(['a', 'wide'], [['long', '1']])).toBe(
      ['| a    | wide |', '| ---- | ---- |', '| long | 1    |'].join('\n'),
    );
  });
});

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
  it('replaces its previous content and nothing else', () => {
    expect(withPart(PAGE, 'one', 'new\n')).toBe(PAGE.replace('old', 'new'));
    expect(withPart(PAGE, 'two', 'new $& text')).toBe(PAGE.replace('other', () => 'new $& text'));
  });

  it('is appended if the page does not have it yet', () => {
    expect(withPart(PAGE, 'three', 'new')).toBe(`${PAGE}\n<!-- three -->\n\nnew\n\n<!-- /three -->\n`);
  });

  it.each(['<!-- one -->', '<!-- /one -->'])('is not written if its mark %s is missing', (mark) => {
    expect(() => withPart(PAGE.replace(mark, ''), 'one', 'new')).toThrow('part one');
  });
});

describe('a table', () => {
  it('has columns as wide as their content', () => {
    expect(markdownTable(['a', 'wide'], [['long', '1']])).toBe(
      ['| a    | wide |', '| ---- | ---- |', '| long | 1    |'].join('\n'),
    );
  });
});

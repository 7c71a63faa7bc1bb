import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = 'docs/clients/';

/** A page for app developers, with its blocks of code. */
export interface Page {
  readonly name: string;
  /** The text outside of the blocks. */
  readonly prose: string;
  readonly blocks: readonly { readonly language: string; readonly code: string }[];
}

/** All pages for app developers. */
export const clientPages = (): Page[] =>
  readdirSync(FOLDER).map((name) => {
    const text = readFileSync(FOLDER + name, 'utf8');
    const blocks = [...text.matchAll(BLOCK)].map(([, language = '', code = '']) => ({ language, code }));
    return { name, prose: text.replaceAll(BLOCK, ''), blocks };
  });

/** The page of that name. */
export function clientPage(name: string): Page {
  const page = clientPages().find((one) => one.name === name);
  if (!page) throw new Error(`there is no docs/clients/${name}`);
  return page;
}

const BLOCK = /^```(\w*)\n(.*?)^```$/gms;

/** The texts in backticks in the prose of a page. */
export const quoted = ({ prose }: Page): string[] => [...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);

/** The code of a page in one language, as one text. */
export const codeIn = ({ blocks }: Page, language: string): string =>
  blocks
    .filter((block) => block.language === language)
    .map(({ code }) => code)
    .join('\n');

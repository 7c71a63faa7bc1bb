import * as z from 'zod';

/** Longer names are cut. A title shows even fewer characters. */
const MAX_CALLER_CHARACTERS = 40;

/** The most bytes of JSON that the texts of an alert take in a payload. */
const MAX_BYTES = 768;

const template = z.string().min(1);

const fields = z.object({
  title: template.optional(),
  body: template.optional(),
  title_loc_key: template.optional(),
  title_loc_args: z.array(template).optional(),
  loc_key: template.optional(),
  loc_args: z.array(template).optional(),
});

/**
 * What an alert says: texts in which `{caller}` stands for the caller's name, or keys of the app's own localised strings,
 * whose arguments are such texts.
 */
export type AlertText = z.infer<typeof fields>;

/** The default title and body, for operators who give no texts of their own. */
export interface PlainText {
  readonly title: string;
  readonly body: string;
}

/** The `aps.alert` of a push: `text`, completed with `plain`. */
export function apsAlert(text: AlertText, plain: PlainText, caller: string): object {
  const name = [...caller].slice(0, MAX_CALLER_CHARACTERS).join('');
  const filled = (one: string): string => one.replaceAll('{caller}', () => name);
  const args = (all: readonly string[] | undefined) => all?.map(filled);
  return {
    ...(text.title_loc_key === undefined
      ? { title: filled(text.title ?? plain.title) }
      : { 'title-loc-key': text.title_loc_key, 'title-loc-args': args(text.title_loc_args) }),
    ...(text.loc_key === undefined
      ? { body: filled(text.body ?? plain.body) }
      : { 'loc-key': text.loc_key, 'loc-args': args(text.loc_args) }),
  };
}

/** The most bytes that an alert can take: JSON writes some characters as six bytes. */
const bytesOf = (text: AlertText): number =>
  Buffer.byteLength(JSON.stringify(apsAlert(text, { title: '', body: '' }, '\u0001'.repeat(MAX_CALLER_CHARACTERS))));

/** The texts of an alert, as an operator configures them. */
export const alertText = fields.refine(
  (text) => bytesOf(text) <= MAX_BYTES,
  `takes more than ${MAX_BYTES} bytes with the longest caller name`,
);

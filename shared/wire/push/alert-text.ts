import * as z from 'zod';

/** Longer names are cut where people read them: a title shows fewer. */
const MAX_CALLER_CHARACTERS = 40;

/** The most that the texts of an alert take of a payload, in bytes of JSON. */
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
 * What an alert says: texts, in which `{caller}` is the caller's name, or keys of the app's own localised strings, whose
 * arguments are such texts.
 */
export type AlertText = z.infer<typeof fields>;

/** A title and a body, as they are where an operator says nothing else. */
export interface PlainText {
  readonly title: string;
  readonly body: string;
}

/** `aps.alert` of a push: `text`, and of `plain` what that leaves open. */
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

/** How many bytes an alert takes at most: JSON writes some characters as six. */
const bytesOf = (text: AlertText): number =>
  Buffer.byteLength(JSON.stringify(apsAlert(text, { title: '', body: '' }, '\u0001'.repeat(MAX_CALLER_CHARACTERS))));

/** The texts of an alert as an operator gives them. */
export const alertText = fields.refine(
  (text) => bytesOf(text) <= MAX_BYTES,
  `takes more than ${MAX_BYTES} bytes with the longest name of a caller`,
);

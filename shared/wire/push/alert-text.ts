import * as z from 'zod';

/** Longer names are cut. A title shows even fewer characters. */
const MAX_CALLER_GRAPHEMES = 40;

/** The most bytes of JSON that a name takes. JSON writes a control character as six bytes. */
const MAX_CALLER_BYTES = 6 * MAX_CALLER_GRAPHEMES;

/** The most bytes of JSON that the texts of an alert take in a payload: what is left beside the keys of the largest push. */
export const MAX_ALERT_BYTES = 720;

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
  const name = shortened(caller);
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

/** A name as long as an alert shows it. It is cut between characters as people see them: never inside a flag, a family or a letter with its accents. */
function shortened(name: string): string {
  const graphemes = Array.from(new Intl.Segmenter('en').segment(name), ({ segment }) => segment);
  const short = fitting(graphemes.slice(0, MAX_CALLER_GRAPHEMES));
  // Marks can be piled up until one character does not fit. Part of it says more than nothing.
  return short === '' ? fitting(Array.from(graphemes[0] ?? '')) : short;
}

/** As many of `parts`, from the first, as a name has room for. */
function fitting(parts: readonly string[]): string {
  let bytes = 0;
  const end = parts.findIndex((part) => {
    bytes += Buffer.byteLength(JSON.stringify(part)) - 2;
    return bytes > MAX_CALLER_BYTES;
  });
  return (end === -1 ? parts : parts.slice(0, end)).join('');
}

/** The most bytes that an alert can take. */
const bytesOf = (text: AlertText): number =>
  Buffer.byteLength(JSON.stringify(apsAlert(text, { title: '', body: '' }, '\u0001'.repeat(MAX_CALLER_GRAPHEMES))));

/** The texts of an alert, as an operator configures them. */
export const alertText = fields.refine(
  (text) => bytesOf(text) <= MAX_ALERT_BYTES,
  `takes more than ${MAX_ALERT_BYTES} bytes with the longest caller name`,
);

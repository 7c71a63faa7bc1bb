import { refTo } from '../json-schemas.ts';
import { componentName } from '../schemas/component.ts';
import { eventTexts } from './events.ts';
import { answerTexts, commandTexts } from './frames.ts';
import { pushTexts } from './pushes.ts';

interface Texts {
  readonly summary: string;
  readonly description?: string;
  readonly examples: Readonly<Record<string, object>>;
}

const message = (name: string, type: string, { examples, ...texts }: Texts): [string, object] => [
  name,
  {
    name: type,
    title: type,
    ...texts,
    payload: refTo(name),
    examples: Object.entries(examples).map(([example, payload]) => ({ name: example, payload })),
  },
];

/** What a push says has happened; in Stream’s format another key says it. */
const typeOf = (example: Readonly<Record<string, unknown>>): string => String(example['type'] ?? example['call_type']);

/** Every message of the document, by name. */
export const messages: Readonly<Record<string, object>> = Object.fromEntries([
  ...Object.entries(commandTexts).map(([type, { summary, examples }]) =>
    message(componentName(type, 'Command'), type, { summary, examples }),
  ),
  ...Object.entries(answerTexts).map(([name, { summary, example }]) =>
    message(name, example.type, { summary, examples: { [name]: example } }),
  ),
  ...Object.entries(eventTexts).map(([type, { summary, to, example }]) =>
    message(componentName(type, 'Event'), type, {
      summary: `${summary}. Goes to ${to}.`,
      examples: { [type]: example },
    }),
  ),
  ...Object.entries(pushTexts).map(([name, { summary, description, example }]) =>
    message(name, typeOf(example), { summary, description, examples: { [name]: example } }),
  ),
]);

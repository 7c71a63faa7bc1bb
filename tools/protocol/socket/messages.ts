import { componentName } from '../components.ts';
import { refTo } from '../json-schemas.ts';
import { eventTexts } from './events.ts';
import { answerTexts, commandTexts } from './frames.ts';
import { pushTexts } from './pushes.ts';

const message = (schema: string, type: string, summary: string, examples: Readonly<Record<string, object>>) => ({
  name: type,
  title: type,
  summary,
  payload: refTo(schema),
  examples: Object.entries(examples).map(([name, payload]) => ({ name, payload })),
});

const commandMessages = () =>
  Object.fromEntries(
    Object.entries(commandTexts).map(([type, { summary, examples }]) => {
      const name = componentName(type, 'Command');
      return [name, message(name, type, summary, examples)];
    }),
  );

const eventMessages = () =>
  Object.fromEntries(
    Object.entries(eventTexts).map(([type, { summary, to, example }]) => {
      const name = componentName(type, 'Event');
      return [name, message(name, type, `${summary}. Goes to ${to}.`, { [type]: example })];
    }),
  );

const answerMessages = () =>
  Object.fromEntries(
    Object.entries(answerTexts).map(([name, { summary, example }]) => [
      name,
      message(name, example.type, summary, { [name]: example }),
    ]),
  );

const pushMessages = () =>
  Object.fromEntries(
    Object.entries(pushTexts).map(([name, { summary, description, example }]) => [
      name,
      { ...message(name, typeOf(example), summary, { [name]: example }), description },
    ]),
  );

/** What a push says has happened; Stream's format has another key for it. */
const typeOf = (example: Readonly<Record<string, unknown>>): string => String(example['type'] ?? example['call_type']);

/** Every message of the document, by name. */
export const messages: Readonly<Record<string, object>> = {
  ...commandMessages(),
  ...answerMessages(),
  ...eventMessages(),
  ...pushMessages(),
};

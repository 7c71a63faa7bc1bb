import { CONNECT_DESCRIPTION, CONNECT_QUERY, WEBSOCKET_DESCRIPTION } from '../asyncapi.ts';
import { schemas } from '../json-schemas.ts';
import { componentName } from '../schemas/component.ts';
import { eventTexts } from '../socket/events.ts';
import { answerTexts, type CommandText, commandTexts } from '../socket/frames.ts';
import { LOCAL_PUSHES } from '../socket/local-pushes.ts';
import { messages } from '../socket/messages.ts';
import { PUSHES, pushTexts } from '../socket/pushes.ts';
import { appendix, fieldTable, heading, sample } from './fields.ts';

/** The WebSocket and the pushes for people; `asyncapi` is the same for programs. */
export const websocketReference = (asyncapi: object): string =>
  [
    ...heading('WebSocket', 'asyncapi.json', WEBSOCKET_DESCRIPTION),
    ...chapter('Connecting', CONNECT_DESCRIPTION, ['', ...fieldTable(CONNECT_QUERY)]),
    ...chapter('Commands', 'What a client sends.', Object.entries(commandTexts).flatMap(commandText)),
    ...chapter(
      'Answers',
      'How the server answers a command.',
      Object.entries(answerTexts).flatMap(([name, { summary, example }]) =>
        messageText(name, name, `${summary}.`, { Example: example }),
      ),
    ),
    ...chapter(
      'Events',
      'What a client gets without asking.',
      Object.entries(eventTexts).flatMap(([type, { summary, to, example }]) =>
        messageText(type, componentName(type, 'Event'), `${summary}. Goes to ${to}.`, { Example: example }),
      ),
    ),
    ...chapter(
      'Pushes',
      PUSHES,
      Object.entries(pushTexts).flatMap(([name, { summary, description, example }]) =>
        messageText(summary, name, description, { Example: example }),
      ),
    ),
    ...messageText('Pushes of the local stack', 'LocalPush', LOCAL_PUSHES, {}),
    ...appendix(asyncapi, new Set(Object.keys(messages))),
  ].join('\n');

const chapter = (title: string, text: string, parts: readonly string[]) => ['', `## ${title}`, '', text, ...parts];

function messageText(
  title: string,
  schema: string,
  text: string,
  examples: Readonly<Record<string, object>>,
): string[] {
  const samples = Object.entries(examples).flatMap(([name, example]) => sample(name, example));
  return ['', `### ${title}`, '', text, '', ...fieldTable(schemas[schema]), ...samples];
}

function commandText([type, { summary, answer, codes, examples }]: [string, CommandText]): string[] {
  const all = Object.entries(examples);
  const titled = all.map(([name, example]) => [all.length > 1 ? `Example, ${name}` : 'Example', example]);
  return [
    ...messageText(type, componentName(type, 'Command'), `${summary}.`, Object.fromEntries(titled)),
    '',
    `Answered by [${answer}](#${answer.toLowerCase()}).`,
    ...(codes.length > 0 ? ['', `Refused with: ${codes.map((code) => `\`${code}\``).join(', ')}.`] : []),
  ];
}

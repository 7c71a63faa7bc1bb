import type { JsonSchema } from '../json-schemas.ts';
import { codesChapter, fieldTable, heading, named, type Schemas, sample, typesChapter } from './fields.ts';

interface Message {
  readonly title: string;
  readonly summary: string;
  readonly description?: string;
  readonly payload: { readonly $ref: string };
  readonly examples: readonly { readonly name: string; readonly payload: unknown }[];
}

interface Operation {
  readonly action: 'send' | 'receive';
  readonly channel: JsonSchema;
  readonly messages: readonly { readonly $ref: string }[];
  readonly reply?: { readonly messages: readonly { readonly $ref: string }[] };
  readonly 'x-carillon-codes'?: readonly string[];
}

/** What is read of an AsyncAPI document. */
export interface AsyncApi {
  readonly info: { readonly description: string };
  readonly channels: {
    readonly socket: {
      readonly description: string;
      readonly bindings: { readonly ws: { readonly query: JsonSchema } };
    };
    readonly push: { readonly description: string; readonly messages: Readonly<Record<string, unknown>> };
  };
  readonly operations: Readonly<Record<string, Operation>>;
  readonly components: { readonly schemas: Schemas; readonly messages: Readonly<Record<string, Message>> };
}

const last = (ref: string): string => ref.slice(ref.lastIndexOf('/') + 1);

/** The WebSocket and the pushes to read. */
export function websocketReference({ info, channels, operations, components }: AsyncApi): string {
  const { schemas, messages } = components;
  const all = Object.values(operations).filter(({ channel }) => channel.$ref === '#/channels/socket');
  const commands = all.filter(({ action }) => action === 'receive');
  const events = all.filter(({ action }) => action === 'send');
  const answers = [...new Set(commands.flatMap(({ reply }) => (reply?.messages ?? []).map(({ $ref }) => last($ref))))];
  const chapter = (title: string, text: string, parts: readonly string[][]) => [
    '',
    `## ${title}`,
    '',
    text,
    ...parts.flatMap((part) => ['', ...part]),
  ];
  return [
    ...heading('WebSocket', 'asyncapi.json', info.description),
    ...chapter('Connecting', channels.socket.description, [fieldTable(schemas, channels.socket.bindings.ws.query)]),
    ...chapter(
      'Commands',
      'What a client sends.',
      commands.map((command) => commandPart(schemas, messages, command)),
    ),
    ...chapter(
      'Answers',
      'What a command is answered by.',
      answers.map((name) => part(schemas, messages[name], name)),
    ),
    ...chapter(
      'Events',
      'What a client gets.',
      events.flatMap((event) => event.messages.map(({ $ref }) => part(schemas, messages[last($ref)]))),
    ),
    ...chapter(
      'Pushes',
      channels.push.description,
      Object.keys(channels.push.messages).map((name) => part(schemas, messages[name], messages[name]?.summary)),
    ),
    '',
    ...typesChapter(schemas, new Set(Object.values(messages).map(({ payload }) => last(payload.$ref)))),
    ...codesChapter(schemas),
    '',
  ].join('\n');
}

/** One message: what it is for, its fields, examples. */
function part(schemas: Schemas, message: Message | undefined, title = message?.title): string[] {
  if (!message) return [];
  return [
    `### ${title}`,
    '',
    title === message.summary ? (message.description ?? '') : `${message.summary.replace(/\.$/, '')}.`,
    '',
    ...fieldTable(schemas, named(schemas, message.payload)),
    ...message.examples.flatMap(({ name, payload }) =>
      sample(message.examples.length > 1 ? `Example, ${name}` : 'Example', payload),
    ),
  ];
}

function commandPart(schemas: Schemas, messages: AsyncApi['components']['messages'], command: Operation): string[] {
  const { reply, 'x-carillon-codes': codes = [] } = command;
  const answer = reply?.messages.map(({ $ref }) => last($ref)).find((name) => name !== 'ErrorFrame') ?? '';
  return [
    ...command.messages.flatMap(({ $ref }) => part(schemas, messages[last($ref)])),
    '',
    `Answered by [${answer}](#${answer.toLowerCase()}).`,
    ...(codes.length > 0 ? ['', `Refused with: ${codes.map((code) => `\`${code}\``).join(', ')}.`] : []),
  ];
}

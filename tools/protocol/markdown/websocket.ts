import { CONNECT_DESCRIPTION, CONNECT_QUERY, WEBSOCKET_DESCRIPTION } from '../asyncapi.ts';
import { BACKEND_EVENTS, backendEventTexts } from '../backend/events.ts';
import { schemas } from '../json-schemas.ts';
import { componentName } from '../schemas/component.ts';
import { eventTexts } from '../socket/events.ts';
import { answerTexts, type CommandText, commandTexts } from '../socket/frames.ts';
import { LOCAL_PUSHES } from '../socket/local-pushes.ts';
import { messages } from '../socket/messages.ts';
import { PUSHES, pushTexts } from '../socket/pushes.ts';
import { ROOM_CODES, ROOMS, roomCommandTexts, roomEventTexts } from '../socket/rooms.ts';
import { appendix, fieldTable, heading, sample } from './fields.ts';

/** The WebSocket and the pushes for people; `asyncapi` is the same for programs. */
export function websocketReference(asyncapi: object): string {
  const events = Object.keys(eventTexts).flatMap((type) => messageText(type, componentName(type, 'Event')));
  const answers = Object.keys(answerTexts).flatMap((name) => messageText(name, name));
  const roomFrames = Object.entries(roomCommandTexts).flatMap(([type]) =>
    messageText(`In a room, ${type} that a client sends`, componentName(type, 'RoomFrame')),
  );
  const roomNews = Object.entries(roomEventTexts).flatMap(([type]) =>
    messageText(`In a room, ${type} that a client gets`, componentName(type, 'RoomEvent')),
  );
  const pushes = Object.entries(pushTexts).flatMap(([name, { summary }]) => messageText(summary, name));
  const backend = Object.keys(backendEventTexts).flatMap((type) =>
    messageText(`For the backend, ${type}`, componentName(type, 'BackendEvent')),
  );
  return [
    ...heading('WebSocket', 'asyncapi.json', WEBSOCKET_DESCRIPTION),
    ...chapter('Connecting', CONNECT_DESCRIPTION, ['', ...fieldTable(CONNECT_QUERY)]),
    ...chapter('Commands', 'What a client sends.', Object.entries(commandTexts).flatMap(commandText)),
    ...chapter('Answers', 'How the server answers a command.', answers),
    ...chapter('Events', 'What a client gets without asking.', events),
    ...chapter('Rooms', ROOMS, [...roomRefusals, ...roomFrames, ...roomNews]),
    ...chapter('Pushes', PUSHES, pushes),
    ...chapter('Events for the backend', BACKEND_EVENTS, backend),
    ...section('Pushes of the local stack', LOCAL_PUSHES, 'LocalPush'),
    ...appendix(asyncapi, new Set(Object.keys(messages))),
  ].join('\n');
}

const roomRefusals = ['', `Frames are refused with: ${ROOM_CODES.map((code) => `\`${code}\``).join(', ')}.`];

const chapter = (title: string, text: string, parts: readonly string[]) => ['', `## ${title}`, '', text, ...parts];

const section = (title: string, text: string, schema: string): string[] =>
  ['', `### ${title}`, '', text, ''].concat(fieldTable(schemas[schema]));

function messageText(title: string, name: string): string[] {
  const message = messages[name];
  if (!message) return [];
  const { summary, description = `${summary.replace(/\.$/, '')}.`, examples } = message;
  const label = (example: string): string => (examples.length > 1 ? `Example, ${example}` : 'Example');
  return [
    ...section(title, description, name),
    ...examples.flatMap((example) => sample(label(example.name), example.payload)),
  ];
}

const commandText = ([type, { answer, codes }]: [string, CommandText]): string[] => [
  ...messageText(type, componentName(type, 'Command')),
  '',
  `Answered by [${answer}](#${answer.toLowerCase()}).`,
  ...(codes.length > 0 ? ['', `Refused with: ${codes.map((code) => `\`${code}\``).join(', ')}.`] : []),
];

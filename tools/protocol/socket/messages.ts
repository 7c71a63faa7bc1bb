import { backendEventTexts } from '../backend/events.ts';
import { refTo } from '../json-schemas.ts';
import { componentName, type Example } from '../schemas/component.ts';
import { eventTexts } from './events.ts';
import { answerTexts, commandTexts } from './frames.ts';
import { pushTexts } from './pushes.ts';
import { roomCommandTexts, roomEventTexts } from './rooms.ts';

interface Texts {
  readonly summary: string;
  readonly description?: string;
}

/** A message as AsyncAPI describes it. */
interface Message extends Texts {
  readonly name: string;
  readonly title: string;
  readonly payload: object;
  readonly examples: readonly { readonly name: string; readonly payload: object }[];
}

const message = (name: string, texts: Texts, examples: Readonly<Record<string, Example>>): [string, Message] => {
  const [{ type, call_type } = {}]: readonly Example[] = Object.values(examples);
  // A push in Stream's format has its type under another name.
  const title = String(type ?? call_type);
  const named = Object.entries(examples).map(([example, payload]) => ({ name: example, payload }));
  return [name, { name: title, title, ...texts, payload: refTo(name), examples: named }];
};

type Messages = Readonly<Record<string, Message>>;

/** What goes over the native WebSocket, by name. */
export const socketMessages: Messages = Object.fromEntries([
  ...Object.entries(commandTexts).map(([type, { summary, examples }]) =>
    message(componentName(type, 'Command'), { summary }, examples),
  ),
  ...Object.entries(answerTexts).map(([name, { summary, example }]) => message(name, { summary }, { [name]: example })),
  ...Object.entries(eventTexts).map(([type, { summary, to, example }]) =>
    message(componentName(type, 'Event'), { summary: `${summary}. Goes to ${to}.` }, { [type]: example }),
  ),
]);

/** What phones get by push, by name. */
export const pushMessages: Messages = Object.fromEntries(
  Object.entries(pushTexts).map(([name, { summary, description, example }]) =>
    message(name, { summary, description }, { [name]: example }),
  ),
);

/** What goes over the WebSocket of a room, by name. */
export const roomMessages: Messages = Object.fromEntries([
  ...Object.entries(roomCommandTexts).map(([type, { summary, example }]) =>
    message(componentName(type, 'RoomFrame'), { summary }, { [type]: example }),
  ),
  ...Object.entries(roomEventTexts).map(([type, { summary, example }]) =>
    message(componentName(type, 'RoomEvent'), { summary }, { [type]: example }),
  ),
]);

/** What the app's backend is told, by name. */
export const backendMessages: Messages = Object.fromEntries(
  Object.entries(backendEventTexts).map(([type, { summary, example }]) =>
    message(componentName(type, 'BackendEvent'), { summary }, { [type]: example }),
  ),
);

/** Every message of the document, by name. */
export const messages: Messages = { ...socketMessages, ...roomMessages, ...pushMessages, ...backendMessages };

import { describe, expect, it } from 'vitest';
import { type ErrorCode, ServiceError } from '#domain/errors.ts';
import { problemReply as problemAnswer } from '#kit/http/problem.ts';
import { errorCode, problem } from '#wire/rest/problem.ts';
import * as sent from '#wire/socket/native/events.ts';
import { roomEvents } from '#wire/socket/rooms/events.ts';
import { commands } from '../../../tools/protocol/components.ts';
import { problemExample } from '../../../tools/protocol/refusals.ts';
import { documented } from '../../../tools/protocol/rest/chapters.ts';
import { eventTexts } from '../../../tools/protocol/socket/events.ts';
import { answerTexts, commandTexts } from '../../../tools/protocol/socket/frames.ts';
import { pushTexts } from '../../../tools/protocol/socket/pushes.ts';
import { roomCommands, roomCommandTexts, roomEventTexts } from '../../../tools/protocol/socket/rooms.ts';

const entries = <T>(texts: Readonly<Record<string, T>>) => Object.entries(texts);

describe('an example fits its schema', () => {
  const requests = documented.flatMap(({ id, operation, examples = {} }) =>
    entries(examples).map(([name, body]) => ({ id, name, schema: operation.body?.(), body })),
  );
  it.each(requests)('of $id: $name', ({ schema, body }) => {
    expect(schema?.safeParse(body)).toMatchObject({ success: true });
  });

  const queries = documented.filter(({ operation }) => operation.query);
  it.each(queries)('of $id: its query', ({ operation, query }) => {
    expect(operation.query?.().safeParse(query)).toMatchObject({ success: true });
  });

  const answers = documented.flatMap(({ id, answers: all }) =>
    entries(all).map(([status, { schema, example }]) => ({ id, status, schema, example })),
  );
  it.each(answers)('of $id: its $status', ({ schema, example }) => {
    if (schema) expect(schema.parse(example)).toEqual(example);
    else expect(example).toBeUndefined();
  });

  it.each(errorCode.options)('of %s', (code) => {
    expect(problem.parse(problemExample(code))).toEqual(problemExample(code));
  });

  it.each(entries(commandTexts))('of the command %s', (type, { examples }) => {
    for (const example of Object.values(examples)) expect(commands[type]?.parse(example)).toBeTruthy();
  });

  it.each(entries(eventTexts))('of the event %s', (type, { example }) => {
    expect(sent.events[type as keyof typeof sent.events].parse(example)).toEqual(example);
  });

  it.each(entries(roomCommandTexts))('of the frame %s in a room', (type, { example }) => {
    expect(roomCommands[type as keyof typeof roomCommands].parse(example)).toEqual(example);
  });

  it.each(entries(roomEventTexts))('of the event %s in a room', (type, { example }) => {
    expect(roomEvents[type as keyof typeof roomEvents].parse(example)).toEqual(example);
  });

  it.each(entries({ ...answerTexts, ...pushTexts }))('of %s', (_, { schema, example }) => {
    expect(schema.parse(example)).toEqual(example);
  });
});

describe('a refusal', () => {
  it.each(errorCode.options)('with %s is what the documents say', (code: ErrorCode) => {
    const { statusCode, body = '' } = problemAnswer(new ServiceError(code, 'because'));
    expect(problem.safeParse(JSON.parse(body))).toMatchObject({ success: true });
    expect(problemExample(code)).toMatchObject({ status: statusCode, title: JSON.parse(body).title });
  });
});

import { beforeEach, describe, expect, it, vi } from 'vitest';
import { ServiceError } from '#domain/errors.ts';
import { entryPoint } from '#kit/entry/entry-point.ts';
import { measureErrors } from '#kit/entry/measure-errors.ts';
import { type SealOptions, seal, Unauthorized } from '#kit/entry/seal.ts';

/** A handler of numbers behind a seal. */
const sealed = (handle: (event: number) => Promise<unknown>, options: SealOptions<number> = {}) =>
  entryPoint<number, unknown>(handle, { use: [seal(options)] });

const thrownBy = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

/** The runtime logs all that an error carries. */
function expectNoDetails(thrown: unknown): void {
  expect(thrown).toEqual(new Error('internal error'));
  expect(JSON.stringify({ ...Object(thrown) })).toBe('{}');
  expect(Object(thrown)).not.toHaveProperty('cause');
  expect(Object(thrown)).not.toHaveProperty('originalError');
}

const broken = async (): Promise<never> => {
  throw Object.assign(new Error('claims of bob'), { payload: { name: 'my-secret' } });
};

describe('a sealed handler', () => {
  beforeEach(() => vi.stubEnv('STAGE', 'test'));

  it('passes on what its handler answers', async () => {
    await expect(sealed(async (event) => event + 1)(1)).resolves.toBe(2);
  });

  it('lets a 401 through as API Gateway wants it', async () => {
    await expect(sealed(async () => Promise.reject(new Unauthorized('expired')))(1)).rejects.toThrow(/^Unauthorized$/);
  });

  it('gives a 401 no stack to log, and its full name', () => {
    const refused = new Unauthorized('expired');
    expect([refused.name, refused.stack]).toEqual(['Unauthorized', 'Unauthorized']);
  });

  it('tells the runtime nothing about what broke', async () => {
    expectNoDetails(await thrownBy(sealed(broken)(1)));
  });

  it('answers an error if its transport has an answer', async () => {
    const answer = (error: unknown, event: number) => `${event}: ${String(error)}`;
    await expect(sealed(broken, { answer })(7)).resolves.toBe('7: Error: claims of bob');
  });

  it('tells the runtime nothing if the answer breaks, too', async () => {
    expectNoDetails(await thrownBy(sealed(broken, { answer: broken })(1)));
  });
});

describe('what is counted of an error', () => {
  const recorded = async (error: Error): Promise<unknown> => {
    const measured: unknown[] = [];
    const meter = { record: (measurement: unknown) => void measured.push(measurement) };
    const use = [seal({ answer: () => 'answered' }), measureErrors({ meter })];
    await thrownBy(entryPoint<number, unknown>(async () => Promise.reject(error), { use })(1));
    return measured;
  };

  it.each([
    ['an error of no known kind', new TypeError('x'), [{ type: 'internal_error' }]],
    ['a call that keeps changing', new ServiceError('contended', 'x'), [{ type: 'contended' }]],
    [
      'a refused connection',
      new Unauthorized('expired'),
      [{ type: 'connection_refused', dialect: 'native', reason: 'expired' }],
    ],
    ['nothing of a refusal that is the client’s own fault', new ServiceError('not_found', 'x'), []],
  ])('%s', async (_, error, measurements) => {
    expect(await recorded(error)).toEqual(measurements);
  });
});

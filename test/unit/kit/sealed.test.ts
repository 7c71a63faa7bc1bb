import { beforeEach, describe, expect, it, vi } from 'vitest';
import { sealed, Unauthorized } from '#kit/entry/sealed.ts';

describe('a sealed handler', () => {
  beforeEach(() => vi.stubEnv('STAGE', 'test'));

  it('returns what its handler returns', async () => {
    await expect(sealed(async (event: number) => event + 1)(1)).resolves.toBe(2);
  });

  it('passes on the error that API Gateway takes for a 401', async () => {
    const refusing = sealed(async () => Promise.reject(new Unauthorized()));
    await expect(refusing(undefined)).rejects.toThrow(/^Unauthorized$/);
  });

  it('hides any other error from the runtime, which would log everything that the error carries', async () => {
    const broken = Object.assign(new Error('claims of bob'), { payload: { name: 'my-secret' } });
    const thrown: unknown = await sealed(async () => Promise.reject(broken))(undefined).catch(
      (error: unknown) => error,
    );
    expect(thrown).toEqual(new Error('internal error'));
    expect(JSON.stringify({ ...Object(thrown) })).toBe('{}');
    expect(Object(thrown)).not.toHaveProperty('cause');
  });
});

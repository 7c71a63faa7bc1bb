import { describe, expect, it } from 'vitest';
import { clientPages, quoted } from '../support/client-pages.ts';
import { callPath, rest } from '../support/people.ts';

describe('a route that the pages for app developers name', () => {
  const routes = new Set(
    clientPages()
      .flatMap(quoted)
      .filter((text) => /^(GET|POST|DELETE) \S+$/.test(text)),
  );

  it.each([...routes])('exists: %s', async (route) => {
    const [method = '', path = ''] = route.split(' ');
    const whole = path.replace('…', callPath('any')).replace('{type}/{id}', 'default/any');
    expect((await rest().request(method, whole)).status).not.toBe(404);
  });
});

import { z } from 'zod';
import type { Find } from '../template/template.ts';

/** The event source mappings of the template that read from a service, each checked by the schema of these. */
export const mappingProperties = <S extends z.ZodObject>(
  find: Find,
  service: 'sqs' | 'dynamodb',
  schema: S,
): z.output<S>[] => {
  const anything = z.object(
    Object.fromEntries(['EventSourceArn', ...Object.keys(schema.shape)].map((key) => [key, z.unknown().optional()])),
  );
  return find('AWS::Lambda::EventSourceMapping', anything)
    .filter(({ properties }) => String(properties['EventSourceArn']).startsWith(`arn:aws:${service}:`))
    .map(({ id, properties }) => {
      const read = schema.safeParse(properties);
      if (read.success) return read.data;
      throw new Error(read.error.issues.map(({ path, message }) => `${id} ${path.join('.')}: ${message}`).join('\n'));
    });
};

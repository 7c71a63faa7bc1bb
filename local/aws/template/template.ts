import type { z } from 'zod';
import type { Assembly, Resource } from './assembly.ts';
import { ACCOUNT, type LocalAddresses, physicalValues, shortName } from './physical.ts';
import { resolver } from './resolve.ts';

/** A resource with a name, and with its properties resolved and checked. */
export interface Found<Properties> {
  readonly id: string;
  /** The logical id without its hash. */
  readonly name: string;
  readonly ref: string;
  /** Empty for types without an ARN here. */
  readonly arn: string;
  readonly properties: Properties;
}

/** Finds every resource of a type. Only the properties in the schema are resolved. */
export type Find = <S extends z.ZodObject>(type: string, schema: S) => Found<z.output<S>>[];

/** Reads the templates of `assembly`, with every reference resolved to a value on this machine. */
export function templateReader(assembly: Assembly, addresses: LocalAddresses): Find {
  const physical = physicalValues(addresses);
  const resolve = resolver(assembly, physical, {
    'AWS::Region': addresses.region,
    'AWS::AccountId': ACCOUNT,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
  });

  function properties<S extends z.ZodObject>(resource: Resource, schema: S): z.output<S> {
    const title = `${resource.id} (${resource.type})`;
    const wanted = Object.keys(schema.shape).filter((key) => key in resource.properties);
    const resolved = wanted.map((key) => [
      key,
      resolve(resource.properties[key], { stack: resource.stack, path: `${title} ${key}` }),
    ]);
    const read = schema.safeParse(Object.fromEntries(resolved));
    if (read.success) return read.data;
    throw new Error(read.error.issues.map(({ path, message }) => `${title} ${path.join('.')}: ${message}`).join('\n'));
  }

  return (type, schema) =>
    assembly.resources
      .filter((resource) => resource.type === type)
      .map((resource) => ({
        id: resource.id,
        name: shortName(resource.id),
        ref: physical(resource, undefined) ?? resource.id,
        arn: physical(resource, 'Arn') ?? '',
        properties: properties(resource, schema),
      }));
}

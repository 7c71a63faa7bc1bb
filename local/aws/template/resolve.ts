import type { Assembly, Resource } from './assembly.ts';

/** The value of `Ref` (no attribute) or `Fn::GetAtt` of a resource on this machine; `undefined` if it has none. */
export type Physical = (resource: Resource, attribute: string | undefined) => string | undefined;

/** The place of a value: the stack whose names it uses, and a path for error messages. */
export interface Location {
  readonly stack: string;
  readonly path: string;
}

/** Replaces every intrinsic function inside `value`, and leaves out what CloudFormation leaves out (`AWS::NoValue`). */
export type Resolve = (value: unknown, place: Location) => unknown;

/** Resolves the intrinsic functions that CDK writes, with the resources of all stacks. */
export function resolver(assembly: Assembly, physical: Physical, pseudo: Readonly<Record<string, string>>): Resolve {
  const byId = new Map(assembly.resources.map((resource) => [`${resource.stack}/${resource.id}`, resource]));

  function refer(id: string, attribute: string | undefined, { stack, path }: Location): string | undefined {
    if (attribute === undefined && id.startsWith('AWS::')) {
      if (id === 'AWS::NoValue') return undefined;
      if (id === 'AWS::StackName') return stack;
      return pseudo[id] ?? fail(path, `unknown pseudo parameter ${id}`);
    }
    const resource = byId.get(`${stack}/${id}`) ?? fail(path, `there is no resource ${id} in ${stack}`);
    const what = attribute === undefined ? `Ref ${id}` : `Fn::GetAtt ${id}.${attribute}`;
    return physical(resource, attribute) ?? fail(path, `no local value for ${what} (${resource.type})`);
  }

  function substitute(argument: unknown, place: Location): string {
    const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
    const own: Record<string, unknown> = variables ?? {};
    return String(text).replace(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
      if (literal) return `\${${name}}`;
      if (name in own) return String(resolve(own[name], place));
      const [id = name, ...attribute] = name.split('.');
      return String(refer(id, attribute.length > 0 ? attribute.join('.') : undefined, place));
    });
  }

  function imported(argument: unknown, place: Location): unknown {
    const name = String(resolve(argument, place));
    const found = assembly.exports.get(name) ?? fail(place.path, `no stack exports ${name}`);
    return resolve(found.value, { stack: found.stack, path: `${place.path} (import of ${name})` });
  }

  function list(argument: unknown, place: Location): unknown[] {
    const resolved = resolve(argument, place);
    return Array.isArray(resolved) ? resolved : fail(place.path, 'a list was expected');
  }

  const functions: Record<string, (argument: unknown, place: Location) => unknown> = {
    Ref: (argument, place) => refer(String(argument), undefined, place),
    'Fn::GetAtt': (argument, place) => {
      const [id, attribute] = Array.isArray(argument) ? argument : String(argument).split(/\.(.*)/);
      return refer(String(id), String(attribute), place);
    },
    'Fn::Join': (argument, place) => {
      const [separator, parts] = list(argument, place);
      return list(parts, place).join(String(separator));
    },
    'Fn::Sub': substitute,
    'Fn::ImportValue': imported,
    // Only what the local stack does not run is referred to across regions: a certificate, a web ACL.
    'Fn::GetStackOutput': (argument) => JSON.stringify(argument),
    'Fn::Select': (argument, place) => {
      const [index, parts] = list(argument, place);
      return list(parts, place)[Number(index)] ?? fail(place.path, `Fn::Select found nothing at ${index}`);
    },
    'Fn::Split': (argument, place) => {
      const [separator, text] = list(argument, place);
      return String(text).split(String(separator));
    },
  };

  function resolve(value: unknown, place: Location): unknown {
    if (Array.isArray(value)) {
      return value.map((item, at) => resolve(item, inside(place, at))).filter((item) => item !== undefined);
    }
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (only && entries.length === 1 && (only[0] === 'Ref' || only[0].startsWith('Fn::'))) {
      const evaluate = functions[only[0]] ?? fail(place.path, `the local stack does not support ${only[0]}`);
      return evaluate(only[1], place);
    }
    const resolved = entries.map(([key, item]) => [key, resolve(item, inside(place, key))] as const);
    return Object.fromEntries(resolved.filter(([, item]) => item !== undefined));
  }

  return resolve;
}

const inside = ({ stack, path }: Location, key: string | number): Location => ({ stack, path: `${path}.${key}` });

function fail(path: string, message: string): never {
  throw new Error(`${path}: ${message}`);
}

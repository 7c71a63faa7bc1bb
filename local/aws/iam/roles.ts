import { z } from 'zod';
import type { Find } from '../template/template.ts';

/** What a request does to one resource. */
export interface Access {
  /** `dynamodb:GetItem` */
  readonly action: string;
  /** Its ARN. */
  readonly resource: string;
}

/** What a role may do. `*` stands for anything. */
export interface Statement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/** The role of a function. */
export interface Role {
  readonly name: string;
  readonly statements: readonly Statement[];
  /** The ARN of the log group that the function writes to, without the `:*` behind it. */
  readonly logGroup: string | undefined;
}

const list = z.union([z.string().transform((one) => [one]), z.array(z.string())]);

const statement = z
  .strictObject({
    Effect: z.literal('Allow', 'the local stack has only what is allowed'),
    Action: list,
    Resource: list,
    Sid: z.string().optional(),
  })
  .transform(({ Action: actions, Resource: resources }): Statement => ({ actions, resources }));

const policy = z.object({
  Roles: z.array(z.string()),
  PolicyDocument: z.object({ Statement: z.array(statement) }),
});

const lambda = z.object({
  Role: z.string(),
  LoggingConfig: z.object({ LogGroup: z.string() }).optional(),
});

const logGroup = z.object({});

/** The roles of these functions of the template, by the functions' names. */
export function functionRoles(find: Find, functions: readonly { readonly name: string }[]): ReadonlyMap<string, Role> {
  const running = new Set(functions.map(({ name }) => name));
  const groups = find('AWS::Logs::LogGroup', logGroup);
  const policies = find('AWS::IAM::Policy', policy).map(({ properties }) => properties);
  return new Map(
    find('AWS::Lambda::Function', lambda)
      .filter(({ name }) => running.has(name))
      .map(({ name, properties: { Role: arn, LoggingConfig: logs } }) => {
        const role = arn.slice(arn.lastIndexOf('/') + 1);
        const group = groups.find(({ ref }) => ref === logs?.LogGroup)?.arn.replace(/:\*$/, '');
        const own = policies.filter(({ Roles }) => Roles.includes(role));
        const statements = own.flatMap(({ PolicyDocument: { Statement: all } }) => all);
        return [name, { name: role, statements, logGroup: group }];
      }),
  );
}

/** Whether one of the statements allows an access. */
export const allows = (statements: readonly Statement[], { action, resource }: Access): boolean =>
  statements.some(
    ({ actions, resources }) =>
      actions.some((one) => matches(one, action)) && resources.some((one) => matches(one, resource)),
  );

const patterns = new Map<string, RegExp>();

function matches(pattern: string, text: string): boolean {
  if (!pattern.includes('*')) return pattern === text;
  const regex =
    patterns.get(pattern) ??
    new RegExp(
      `^${pattern
        .split('*')
        .map((text) => text.replaceAll(/[^\w-]/g, String.raw`\$&`))
        .join('.*')}$`,
    );
  patterns.set(pattern, regex);
  return regex.test(text);
}

import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Node } from 'constructs';
import { z } from 'zod';
import { ringRate, whoMayRing } from '#kit/wiring/config.ts';
import { issuers } from '#wire/settings/issuers.ts';
import { checkEdgeSettings, edgeSettings } from './edge/edge-settings.ts';

const origin = z.union([z.literal('*'), z.url()]);

const settings = z.strictObject({
  /** Whether real people are rung: synthesis refuses what may be left out only while one tries things. */
  production: z.boolean(),
  /** Origins of web apps that may call the REST API. */
  corsOrigins: z.array(origin),
  /** What happens to a callee who is in another call. */
  busy: z.enum(['reject', 'ring']),
  /** How long an ended call stays readable. */
  retentionDays: z.number().int().min(1).max(3650),
  /** How long a call lasts at most. */
  maxDurationS: z.number().int().min(60).max(86_400),
  /** How long a member of a call may be without a connection before they count as having left. */
  vanishGraceS: z.number().int().min(1).max(900),
  /** How long a user who accepted may take to open a connection; 0 for apps that signal over REST only. */
  answerGraceS: z.number().int().min(0).max(900),
  /** How many rings a user may start: in a minute, in an hour, and in five minutes to one callee who does not answer. */
  ringRate: ringRate().or(z.literal('off')),
  /** Whether users may ring each other, or only the app's own backend may ring. */
  whoMayRing: whoMayRing(),
  /** Whether the app's backend is asked before every ring: the secret `ring-hook` says where. */
  ringHook: z.boolean(),
  /** Whether the app's backend is told what becomes of calls and devices, by a bus and by the webhooks of the secret `webhooks`. */
  events: z.boolean(),
  /** How long a connection of a room may be quiet before it is written to. CloudFront cuts it off after 10 minutes. */
  keepAliveS: z.number().int().min(1).max(540),
  /** The servers that tell clients their public address. */
  stunUrls: z.array(z.string().startsWith('stun:')),
  /** The hosts of the push services that browsers use: only subscriptions at them or below them are taken and pushed to. */
  webPushHosts: z.array(z.string().regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'must be a host name in lower case')),
  /** How long logs are kept. */
  logRetentionDays: z.union([z.literal(1), z.literal(7), z.literal(30), z.literal(90), z.literal(365)]),
  /** Whether the table and the secrets stay when their stack is deleted, and the table is protected from deletion. */
  keepsData: z.boolean(),
  /** Whether to give the account the role with which API Gateway writes logs; false if it already has one. */
  setsGatewayLogRole: z.boolean(),
  /** Whether every frame has a line in an access log. */
  frameLogs: z.boolean(),
  /** Whether functions send traces to X-Ray. */
  tracing: z.boolean(),
  /** How a new version of a function comes to its events: all of them at once, or a tenth for ten minutes, in which an alarm brings the old version back. */
  rollout: z.enum(['at-once', 'canary']),
  /** What the account may cost in a month, in US dollars, before somebody is mailed. @default nobody is */
  monthlyBudgetUsd: z.number().positive().optional(),
  /** The table that the functions use instead of the stage's own: one that was restored. */
  restoredTable: z
    .string()
    .regex(/^[\w.-]{3,255}$/, 'must be the name of a table')
    .optional(),
  /** The stream of that table. Needed with `events`. */
  restoredTableStream: z
    .string()
    .regex(/^arn:aws:dynamodb:.+\/stream\/.+$/, 'must be the ARN of a stream')
    .optional(),
  ...edgeSettings,
  /** Whether the console has the page of virtual phones, which talks to the local stack's own API. */
  phones: z.boolean(),
  /** The p99 of the time from ring to accepted push above which an alarm goes off, in ms. */
  ringToPushP99Ms: z.number().int().min(100).max(60_000),
  /** The identity providers whose tokens are logins. */
  issuers: issuers().superRefine((list, context) => {
    for (const [i, { issuer, jwks_uri = issuer }] of list.entries()) {
      if (issuer.startsWith('https:') && jwks_uri.startsWith('https:')) continue;
      context.addIssue({ code: 'custom', path: [i], message: 'must have https addresses' });
    }
  }),
  /** Who is mailed when calls fail now. */
  pageEmail: z.email().optional(),
  /** Who is mailed about what can wait until morning. */
  ticketEmail: z.email().optional(),
});

/** In what deployments differ. */
export type StageSettings = z.infer<typeof settings>;

/** A deployment: its name is part of its stacks' names. */
export interface Stage extends StageSettings {
  readonly name: string;
}

/** What a stage has unless its file says otherwise. */
const DEFAULTS: Omit<StageSettings, 'corsOrigins'> = {
  production: false,
  busy: 'reject',
  retentionDays: 30,
  maxDurationS: 43_200,
  vanishGraceS: 20,
  answerGraceS: 60,
  ringRate: { minute: 10, hour: 100, pair: 5 },
  whoMayRing: 'anyone',
  ringHook: false,
  events: false,
  keepAliveS: 480,
  stunUrls: ['stun:stun.l.google.com:19302'],
  webPushHosts: ['fcm.googleapis.com', 'push.services.mozilla.com', 'web.push.apple.com', 'notify.windows.com'],
  logRetentionDays: 7,
  keepsData: true,
  setsGatewayLogRole: true,
  frameLogs: true,
  tracing: false,
  rollout: 'at-once',
  edge: true,
  webAcl: false,
  webAclRate: 5000,
  edgeLogs: false,
  phones: false,
  ringToPushP99Ms: 3000,
  issuers: [],
};

/** What a file in `infra/stages` exports as `stage`: the settings that must be chosen, and those that are not the defaults. */
export type StageFile = Pick<StageSettings, 'corsOrigins'> & Partial<StageSettings>;

type Names = ReadonlySet<keyof StageSettings>;

/** Settings that `-c` may replace for one deployment, since that is as long as they hold. */
const OVERRIDABLE: Names = new Set(['ringHook', 'phones', 'events', 'edgeSecretVersion', 'rollout']);

/**
 * Those of them that are yes or no as text, too, which is how they come from the command line. `events` is refused as text:
 * the next deployment would forget the bus. The local stack has it.
 */
const YES_OR_NO: Names = new Set(['ringHook', 'phones']);

const yesOrNo = (text: string): unknown => ({ true: true, false: false })[text];

const require = createRequire(import.meta.url);

const fileOf = (name: string): string => `infra/stages/${name}.ts`;

/** The settings in the file of a stage. */
export function readStageFile(name: string): object {
  const files = readdirSync(new URL('stages/', import.meta.url)).filter((file) => file.endsWith('.ts'));
  if (!files.includes(`${name}.ts`)) {
    const names = files.map((file) => file.replace(/\.ts$/, '')).join(', ');
    throw new Error(`there is no stage "${name}": choose one of ${names}, or write ${fileOf(name)}`);
  }
  const exported: unknown = require(`./stages/${name}.ts`);
  const read = z.object({ stage: z.looseObject({}) }).safeParse(exported);
  if (!read.success) throw new Error(`${fileOf(name)} must export the object stage`);
  return read.data.stage;
}

/** Reads the stage that the CDK context names. An error names the file, and the setting in it that is wrong. */
export function readStage(node: Node): Stage {
  const name = String(node.tryGetContext('stage') ?? 'dev');
  const written = readStageFile(name);
  const given = settings.keyof().options.flatMap((setting) => {
    const value: unknown = node.tryGetContext(setting);
    if (value === undefined) return [];
    if (!OVERRIDABLE.has(setting))
      throw new Error(`${fileOf(name)}: ${setting}: is set in this file, not by -c ${setting}`);
    return [[setting, typeof value === 'string' && YES_OR_NO.has(setting) ? yesOrNo(value) : value]];
  });
  return stageOf(name, { ...written, ...Object.fromEntries(given) });
}

/** The stage of that name with these settings, and the defaults for what they leave out. */
export function stageOf(name: string, given: object): Stage {
  const parsed = settings
    .superRefine(checkEdgeSettings)
    .superRefine(checkSettings)
    .safeParse({ ...DEFAULTS, ...given });
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) =>
      [path.join('.'), message].filter(Boolean).join(': '),
    );
    throw new Error(problems.map((problem) => `${fileOf(name)}: ${problem}`).join('\n'));
  }
  return { name, ...parsed.data };
}

/** Reports what may be left out while one tries things and not where real people are rung, and settings that need others. */
function checkSettings(
  {
    production,
    corsOrigins,
    pageEmail,
    ticketEmail,
    monthlyBudgetUsd,
    events,
    restoredTable,
    restoredTableStream,
  }: StageSettings,
  context: z.core.$RefinementCtx,
): void {
  const problem = (setting: keyof StageSettings, message: string): void =>
    context.addIssue({ code: 'custom', path: [setting], message });
  if (corsOrigins.length === 0 || (production && corsOrigins.includes('*'))) {
    problem('corsOrigins', 'must name the origins of your web apps, such as https://app.example.com');
  }
  if (monthlyBudgetUsd !== undefined && ticketEmail === undefined) problem('monthlyBudgetUsd', 'needs ticketEmail');
  if (events && restoredTable !== undefined && restoredTableStream === undefined) {
    problem('restoredTable', 'needs restoredTableStream, which events are read from');
  }
  if (!production) return;
  if (pageEmail === undefined) problem('pageEmail', 'must say who is mailed when calls fail now');
  if (ticketEmail === undefined) problem('ticketEmail', 'must say who is mailed about what can wait until morning');
}

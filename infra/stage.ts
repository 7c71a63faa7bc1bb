import type { Node } from 'constructs';
import { z } from 'zod';
import { ringRate, whoMayRing } from '#kit/wiring/config.ts';
import { issuers } from '#wire/settings/issuers.ts';
import { checkEdgeSettings, edgeSettings } from './edge/edge-settings.ts';

const origin = z.union([z.literal('*'), z.url()]);

const settings = z.object({
  /** Origins of web apps that may call the REST API. */
  corsOrigins: z.array(origin).min(1),
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
  ringRate: ringRate.or(z.literal('off')),
  /** Whether users may ring each other, or only the app's own backend may ring. */
  whoMayRing,
  /** Whether the app's backend is asked before every ring: the secret `ring-hook` says where. */
  ringHook: z.boolean(),
  /** Whether the app's backend is told what becomes of calls and devices, by a bus and by the webhooks of the secret `webhooks`. */
  events: z.boolean(),
  /** How long a connection of a room may be quiet before it is written to. CloudFront cuts it off after 10 minutes. */
  keepAliveS: z.number().int().min(1).max(540),
  /** The servers that tell clients their public address. */
  stunUrls: z.array(z.string().startsWith('stun:')),
  /** How long logs are kept. */
  logRetentionDays: z.union([z.literal(1), z.literal(7), z.literal(30), z.literal(90), z.literal(365)]),
  /** Whether the table and the secrets stay when their stack is deleted, and the table is protected from deletion. */
  keepsData: z.boolean(),
  /** Whether to give the account the role with which API Gateway writes logs; false if it already has one. */
  setsGatewayLogRole: z.boolean(),
  ...edgeSettings,
  /** The p99 of the time from ring to accepted push above which an alarm goes off, in ms. */
  ringToPushP99Ms: z.number().int().min(100).max(60_000),
  /** The identity providers whose tokens are logins. */
  issuers: issuers.superRefine((list, context) => {
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

const base: StageSettings = {
  corsOrigins: ['*'],
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
  logRetentionDays: 7,
  keepsData: true,
  setsGatewayLogRole: true,
  edge: true,
  webAcl: false,
  webAclRate: 5000,
  edgeLogs: false,
  ringToPushP99Ms: 3000,
  issuers: [],
};

/** Every stage. `-c stage=<name>` chooses one; the default is `dev`. */
const STAGES: Readonly<Record<string, StageSettings>> = {
  dev: base,
  // Short enough for a test to wait for, long enough for a busy machine to reconnect within it.
  test: { ...base, vanishGraceS: 6, answerGraceS: 15, keepAliveS: 5, keepsData: false },
  prod: { ...base, logRetentionDays: 30 },
};

const asItIs = (text: string): string => text;
const yesOrNo = (text: string): unknown => ({ true: true, false: false })[text];

/** Settings that the CDK context may override, on the command line as text: `-c corsOrigins=https://app.example.com,https://…`. */
const OVERRIDES: { readonly [Name in keyof StageSettings]?: (text: string) => unknown } = {
  corsOrigins: (text) => text.split(','),
  pageEmail: asItIs,
  ticketEmail: asItIs,
  issuers: (text) => json(text),
  setsGatewayLogRole: yesOrNo,
  ringHook: yesOrNo,
  events: yesOrNo,
  edge: yesOrNo,
  edgeSecretVersion: asItIs,
  domainName: asItIs,
  certificateArn: asItIs,
  hostedZone: asItIs,
  webAcl: yesOrNo,
  webAclRate: Number,
  edgeLogs: yesOrNo,
  region: asItIs,
};

/** What a text says in JSON; the text itself if it is none, which no setting is. */
function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Reads the stage that the CDK context names, with its overrides. An error names the setting that is wrong. */
export function readStage(node: Node): Stage {
  const name = String(node.tryGetContext('stage') ?? 'dev');
  const chosen = Object.hasOwn(STAGES, name) ? STAGES[name] : undefined;
  if (!chosen) throw new Error(`there is no stage "${name}": choose one of ${Object.keys(STAGES).join(', ')}`);
  const overridden = Object.entries(OVERRIDES).flatMap(([setting, parse]) => {
    const given: unknown = node.tryGetContext(setting);
    return given === undefined ? [] : [[setting, typeof given === 'string' ? parse(given) : given]];
  });
  const parsed = settings.superRefine(checkEdgeSettings).safeParse({ ...chosen, ...Object.fromEntries(overridden) });
  if (!parsed.success) {
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new Error(`stage ${name} has wrong settings: ${problems.join('; ')}`);
  }
  return { name, ...parsed.data };
}

import { z } from 'zod';

const CERTIFICATE = /^arn:aws:acm:us-east-1:\d{12}:certificate\/[\w-]+$/;
const HOST = /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/;

/** The settings of the edge. */
export const edgeSettings = {
  /** Whether a CloudFront distribution stands before the APIs: one address, which the dialects and the console need. */
  edge: z.boolean(),
  /** The version of the edge's secret that the stacks use. Name the new one to deploy it. @default the current one of the first deployment */
  edgeSecretVersion: z.uuid().optional(),
  /** The stage's own name, instead of one of CloudFront's. */
  domainName: z.string().regex(HOST, 'must be a host name, such as calls.example.com').optional(),
  /** The certificate of that name. @default one is made, if `hostedZone` is given */
  certificateArn: z
    .string()
    .regex(CERTIFICATE, 'must be the ARN of a certificate in us-east-1, where CloudFront looks for it')
    .optional(),
  /** The id of the Route 53 zone in which that name is made to point at the edge. @default you point it there yourself */
  hostedZone: z
    .string()
    .regex(/^Z[A-Z0-9]{1,31}$/, 'must be the id of a hosted zone, such as Z0123456789ABC')
    .optional(),
  /** Whether a web ACL filters requests: AWS's common rules, and a limit for each address. */
  webAcl: z.boolean(),
  /** How many requests one address may send in five minutes, with a web ACL. Phones may share an address. */
  webAclRate: z.number().int().min(10).max(2_000_000_000),
  /** Whether requests to the edge are logged. */
  edgeLogs: z.boolean(),
  /** The region of the stage's stacks. Needed with a web ACL, logs or a certificate to make, which are in us-east-1. @default that of the AWS credentials */
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'must be a region, such as eu-central-1')
    .optional(),
};

type EdgeSettings = z.infer<z.ZodObject<typeof edgeSettings>>;

/** Reports settings that do not fit each other, each by the name of the one that asks for another. */
export function checkEdgeSettings(of: EdgeSettings, context: z.core.$RefinementCtx): void {
  const problem = (setting: keyof EdgeSettings, message: string): void =>
    context.addIssue({ code: 'custom', path: [setting], message });
  const { domainName, certificateArn, hostedZone, region } = of;
  const asked = (['domainName', 'certificateArn', 'hostedZone', 'webAcl', 'edgeLogs'] as const).filter(
    (setting) => of[setting] !== undefined && of[setting] !== false,
  );
  if (!of.edge) for (const setting of asked) problem(setting, 'needs the edge (edge=true)');
  if (domainName !== undefined && certificateArn === undefined && hostedZone === undefined) {
    problem('domainName', 'needs certificateArn or hostedZone');
  }
  for (const setting of ['certificateArn', 'hostedZone'] as const) {
    if (of[setting] !== undefined && domainName === undefined) problem(setting, 'needs domainName');
  }
  if (region !== undefined) return;
  const why = 'needs region: a part of it is in us-east-1, and CDK must know whether the rest is elsewhere';
  if (of.webAcl) problem('webAcl', why);
  if (of.edgeLogs) problem('edgeLogs', why);
  if (hostedZone !== undefined && certificateArn === undefined) problem('hostedZone', why);
}

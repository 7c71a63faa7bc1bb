import { type CfnElement, Stack } from 'aws-cdk-lib';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { cloudWatchUrl } from './cloudwatch-url.ts';

/** A question to log groups, in the language of CloudWatch Logs Insights. */
export interface LogsQuery {
  /** CloudFormation must make their names, which then have only letters, digits and hyphens. */
  readonly groups: readonly ILogGroup[];
  readonly query: string;
}

/** What went wrong. With the system log level WARN, Lambda reports only the invocations that timed out or crashed. */
export const FAILURES =
  'filter level = "ERROR" or type = "platform.report" | fields @timestamp, message, error.name, error.message, record.status | sort @timestamp desc | limit 50';

/** The messages of a queue that failed. A function that was killed does not log them; Lambda reports it. */
export const FAILED_MESSAGES =
  'filter message = "message failed" or type = "platform.report" | fields @timestamp, message_id, error.name, error.message, record.status | sort @timestamp desc | limit 50';

/** Which webhooks failed, and how. */
export const FAILED_WEBHOOKS = 'filter message = "a webhook failed" | stats count() by webhook, fault';

/** A text in JSURL, in which the console writes objects into the fragment of its URLs. */
const encoded = (text: string): string =>
  text.replace(/[^\w.-]/g, (character) => `*${character.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** The page of CloudWatch Logs Insights in `region` with this query about the last hour, ready to be run. */
export const logsInsightsUrl = (region: string, groups: readonly string[], query: string): string =>
  cloudWatchUrl(
    region,
    `logsV2:logs-insights$3FqueryDetail$3D~(end~0~start~-3600~timeType~'RELATIVE~unit~'seconds~editorString~'${encoded(query)}` +
      // Programs that find links in mails take a bracket at the end for their own text.
      `~source~(${groups.map((group) => `~'${group}`).join('')}))$26tab$3Dlogs`,
  );

/** A name as long as the one that CloudFormation makes for `group`. */
export function generatedName(group: ILogGroup): string {
  const stack = Stack.of(group);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the default child of a log group of ours is its CloudFormation resource
  const id: unknown = stack.resolve(stack.getLogicalId(group.node.defaultChild as CfnElement));
  return `${stack.stackName}-${String(id)}-${'x'.repeat(13)}`;
}

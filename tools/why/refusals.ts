import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { CloudWatchLogsClient, paginateFilterLogEvents } from '@aws-sdk/client-cloudwatch-logs';
import * as z from 'zod';
import { jsonOf } from '#wire/json.ts';
import { localPart } from '../local-stack.ts';
import { unusable } from '../stack-outputs.ts';

/** What a user was refused, as a function has logged it. */
const refusal = z.object({
  timestamp: z.string(),
  code: z.string(),
  operation: z.string().optional(),
  call_cid: z.string().optional(),
  reason: z.string().optional(),
  paths: z.array(z.string()).optional(),
  asked_by: z.enum(['server', 'operator']).optional(),
});
export type Refusal = z.output<typeof refusal>;

/** Whose refusals, between two moments in epoch milliseconds. */
export interface RefusedWhom {
  readonly user: string;
  readonly from: number;
  readonly to: number;
}

/** Finds what a user was refused in a span of time, in no order. */
export type FindRefusals = (whom: RefusedWhom) => Promise<Refusal[]>;

/** In the log of the local stack at `url`. */
export const localRefusals =
  (url: string): FindRefusals =>
  async ({ user, from, to }) => {
    const [earliest, latest] = [from, to].map((at) => new Date(at).toISOString());
    const query = new URLSearchParams({
      message: 'refused',
      user_id: user,
      from: String(earliest),
      to: String(latest),
    });
    const { logs } = await localPart(url, `/_local/logs?${query}`, z.object({ logs: z.array(refusal) }));
    return logs;
  };

/** The functions that take requests, frames and upgrades of users. */
const LOG_GROUPS = /^(?:Http|Connection|Command|Signal|SocketIo|Room)Logs/;

/** The most events that are read of one log group. */
const MAX_PAGES = 20;

/** In the log groups of a deployed stage, by a filter: it costs nothing, unlike a query of Logs Insights. */
export const stageRefusals =
  (stage: string): FindRefusals =>
  async (whom) => {
    try {
      const groups = await logGroups(stage);
      const client = new CloudWatchLogsClient();
      return (await Promise.all(groups.map((group) => refusalsIn(client, group, whom)))).flat();
    } catch (error) {
      throw unusable(stage, error);
    }
  };

async function logGroups(stage: string): Promise<string[]> {
  const groups: string[] = [];
  const pages = paginateListStackResources(
    { client: new CloudFormationClient() },
    { StackName: `Carillon-${stage}-Service` },
  );
  for await (const { StackResourceSummaries = [] } of pages) {
    for (const { ResourceType, LogicalResourceId = '', PhysicalResourceId } of StackResourceSummaries) {
      if (ResourceType === 'AWS::Logs::LogGroup' && LOG_GROUPS.test(LogicalResourceId) && PhysicalResourceId)
        groups.push(PhysicalResourceId);
    }
  }
  return groups;
}

async function refusalsIn(
  client: CloudWatchLogsClient,
  logGroupName: string,
  { user, from, to }: RefusedWhom,
): Promise<Refusal[]> {
  const found: Refusal[] = [];
  let left = MAX_PAGES;
  const pages = paginateFilterLogEvents(
    { client },
    {
      logGroupName,
      startTime: from,
      endTime: to,
      // Nothing in the alphabet of user ids ends the quotation.
      filterPattern: `{ $.message = "refused" && $.user_id = "${user}" }`,
    },
  );
  for await (const { events = [] } of pages) {
    found.push(...events.flatMap(({ message = '' }) => refusal.safeParse(jsonOf(message)).data ?? []));
    left -= 1;
    if (left === 0) break;
  }
  return found;
}

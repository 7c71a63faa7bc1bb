import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { guardedRequests } from '#adapters/outgoing/guarded-requests.ts';
import { reachable } from '#adapters/outgoing/networks.ts';
import { httpsWebhooks } from '#adapters/webhooks/https-webhooks.ts';
import { webhookBook } from '#adapters/webhooks/webhook-book.ts';
import { epochMs, iso } from '#domain/time.ts';
import type { Webhook } from '#ports/webhooks.ts';
import { checked, optionsOf, runTool, UsageError } from './command-line.ts';
import { LOCAL_STACK } from './local-stack.ts';
import { stackOptions } from './stack-url.ts';
import { replay } from './webhooks/replay.ts';
import { deployedWebhooks, localWebhooks, type WebhookStack } from './webhooks/webhook-stack.ts';

// Shows and tries the webhooks of a stack, and sends again what was tried in vain.

const USAGE = `npm run webhooks -- list | send-test | replay [options]

  list        the webhooks of the secret, what each gets, and which entries are refused
  send-test   sends an event of the type "test" to each of them, from here, and says what it answers
  replay      sends every dead letter again, with the same webhook-id

  --url <url>      the address of the local stack; default ${LOCAL_STACK}
  --stage <name>   a deployed stage instead, found with your AWS credentials
  --help           print this text`;

const OPTIONS = { url: { type: 'string' }, stage: { type: 'string' }, help: { type: 'boolean' } } as const;

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const clock = () => epochMs(Date.now());

/** The webhooks that may be called; the others are named. */
const webhooksOf = (stack: WebhookStack): Promise<readonly Webhook[]> =>
  webhookBook({ read: stack.secret, mayReach: reachable(stack.privateNetworks), onFault: print }).all();

async function list(stack: WebhookStack): Promise<void> {
  const webhooks = await webhooksOf(stack);
  for (const { key, url, secrets, events } of webhooks)
    print(
      `${key}  ${new URL(url).host}  ${events?.join(', ') ?? 'all events'}${secrets.length > 1 ? '  (secret rotates)' : ''}`,
    );
  if (webhooks.length === 0) print('No webhook is configured.');
}

async function sendTest(stack: WebhookStack): Promise<void> {
  const caller = httpsWebhooks({ outgoing: guardedRequests(stack.privateNetworks), clock });
  const id = `evt_${randomUUID()}`;
  const body = JSON.stringify({ id, type: 'test', version: 1, created_at: iso(clock()) });
  for (const webhook of await webhooksOf(stack)) {
    const tried = await caller.call(webhook, { webhook: webhook.key, id, body, attempt: 1 });
    print(`${new URL(webhook.url).host}  ${tried.kind === 'taken' ? 'took it' : `failed: ${tried.fault}`}`);
    if (tried.kind === 'failed') process.exitCode = 1;
  }
}

async function sendAgain(stack: WebhookStack): Promise<void> {
  const { sent, left } = await replay(stack);
  print(`${sent} sent again${left > 0 ? `, ${left} are not webhook tries and stay` : ''}.`);
}

const COMMANDS = new Map([
  ['list', list],
  ['send-test', sendTest],
  ['replay', sendAgain],
]);

await runTool(USAGE, async () => {
  const [name = '', ...rest] = process.argv.slice(2);
  if (name === '--help') return print(USAGE);
  const command = COMMANDS.get(name);
  if (!command) throw new UsageError(`there is no command "${name}"`);
  const { help, ...given } = optionsOf(rest, OPTIONS);
  if (help) return print(USAGE);
  if (given.url !== undefined && given.stage !== undefined) throw new UsageError('give --stage or --url, not both');
  const { url, stage } = checked(z.object(stackOptions), given);
  await command(stage === undefined ? await localWebhooks(url) : await deployedWebhooks(stage));
});

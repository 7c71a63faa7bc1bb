import { readFileSync } from 'node:fs';
import { formatProblems, getTotals, lint, loadConfig } from '@redocly/openapi-core';
import { z } from 'zod';

/** Checks the documents in docs/protocol against the specifications of OpenAPI and AsyncAPI, without a network. */

const OPENAPI = 'docs/protocol/openapi.json';
const ASYNCAPI = 'docs/protocol/asyncapi.json';
/** AsyncAPI allows null for an address that is not known. The linter wants a string. */
const NULL_ADDRESS = '#/channels/push/address';

const config = await loadConfig({ configPath: 'tools/protocol/redocly.yaml' });
for (const ref of [OPENAPI, ASYNCAPI]) {
  const problems = (await lint({ ref, config })).filter(({ location: [place] }) => place?.pointer !== NULL_ADDRESS);
  if (problems.length === 0) continue;
  formatProblems(problems, { totals: getTotals(problems), version: '' });
  process.exitCode = 1;
}

const reference = z.object({ $ref: z.string() });
const operations = z.object({
  operations: z.record(z.string(), z.object({ channel: reference, messages: z.array(reference) })),
});

// AsyncAPI 3: an operation may only have messages of its channel. The linter has no rule for it.
for (const [name, { channel, messages }] of Object.entries(
  operations.parse(JSON.parse(readFileSync(ASYNCAPI, 'utf8'))).operations,
)) {
  for (const { $ref } of messages.filter((message) => !message.$ref.startsWith(`${channel.$ref}/messages/`))) {
    process.stderr.write(`${ASYNCAPI}: operation ${name} has ${$ref}, which is no message of its channel\n`);
    process.exitCode = 1;
  }
}

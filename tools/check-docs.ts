import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Parser } from '@asyncapi/parser';

/** Checks the documents in docs/protocol with the tools of their formats, without a network. */

const OFFLINE = { REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

/** Severities: 0 is an error, 1 a warning, anything above is advice. */
const WARNING = 1;

function checkOpenApi(): void {
  const args = ['lint', 'docs/protocol/openapi.json', '--config', 'tools/protocol/redocly.yaml'];
  const { status, stdout, stderr } = spawnSync('redocly', args, { env: { ...process.env, ...OFFLINE } });
  if (status === 0) return;
  process.stderr.write(`${String(stdout)}${String(stderr)}`);
  process.exitCode = 1;
}

async function checkAsyncApi(): Promise<void> {
  const { diagnostics } = await new Parser().parse(readFileSync('docs/protocol/asyncapi.json', 'utf8'));
  for (const { severity, message, path } of diagnostics) {
    if (severity > WARNING) continue;
    process.stderr.write(`docs/protocol/asyncapi.json ${path.join('.')}: ${message}\n`);
    process.exitCode = 1;
  }
}

checkOpenApi();
await checkAsyncApi();

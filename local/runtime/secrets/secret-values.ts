import { randomInt } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Find } from '../../template/template.ts';

/** One secret with its content. */
export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly value: string;
}

const generator = z.object({
  SecretStringTemplate: z.string().optional(),
  GenerateStringKey: z.string().optional(),
  PasswordLength: z.coerce.number().default(32),
});
const properties = z.object({
  SecretString: z.string().optional(),
  GenerateSecretString: generator.optional(),
});
const kept = z.record(z.string(), z.string());

/** The template's secrets; generated ones are made anew unless `dataDirectory` keeps them from an earlier run. */
export async function secretValues(find: Find, dataDirectory: string | undefined): Promise<Secret[]> {
  const file = dataDirectory === undefined ? undefined : join(dataDirectory, 'secrets.json');
  const earlier = file === undefined ? {} : await readKept(file);
  const generated: Record<string, string> = {};
  const secrets = find('AWS::SecretsManager::Secret', properties).map(({ name, ref, properties: of }) => {
    const literal = of.SecretString;
    if (literal === undefined)
      generated[name] = earlier[name] ?? generate(generator.parse(of.GenerateSecretString ?? {}));
    return { name, arn: ref, value: literal ?? generated[name] ?? '' };
  });
  if (dataDirectory !== undefined && file !== undefined) {
    await mkdir(dataDirectory, { recursive: true });
    await writeFile(file, JSON.stringify(generated), { mode: 0o600 });
  }
  return secrets;
}

async function readKept(file: string): Promise<Record<string, string>> {
  try {
    return kept.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch (error) {
    if (Object(error).code === 'ENOENT') return {};
    throw new Error(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function generate({ SecretStringTemplate, GenerateStringKey, PasswordLength }: z.output<typeof generator>): string {
  const word = Array.from({ length: PasswordLength }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  if (SecretStringTemplate === undefined || GenerateStringKey === undefined) return word;
  return JSON.stringify({ ...JSON.parse(SecretStringTemplate), [GenerateStringKey]: word });
}

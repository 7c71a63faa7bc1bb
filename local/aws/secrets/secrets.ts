import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readKept } from '../kept-file.ts';
import type { DeclaredSecret } from './secret-values.ts';

/** A secret and its value. */
export interface Secret {
  readonly name: string;
  readonly arn: string;
  readonly value: string;
  readonly versionId: string;
}

/** The secrets of a running stack. */
export interface Secrets {
  all(): Secret[];
  /** Finds a secret by its name or ARN. */
  find(id: string): Secret | undefined;
  /** Gives a secret a new value. */
  put(secret: Secret, value: string, versionId?: string): Promise<Secret>;
}

/** Opens the secrets that the template declares. `dataDirectory` keeps the generated ones between runs, with their later values. */
export async function openSecrets(
  declared: readonly DeclaredSecret[],
  dataDirectory: string | undefined,
): Promise<Secrets> {
  const earlier = dataDirectory === undefined ? {} : await readKept(fileIn(dataDirectory));
  const secrets = new Map<string, Secret>();
  for (const { name, arn, value, generated } of declared) {
    secrets.set(name, { name, arn, value: (generated && earlier[name]) || value, versionId: randomUUID() });
  }
  const generatedNames = declared.filter(({ generated }) => generated).map(({ name }) => name);
  const keep = async (): Promise<void> => {
    if (dataDirectory === undefined) return;
    const values = Object.fromEntries(generatedNames.map((name) => [name, secrets.get(name)?.value]));
    await mkdir(dataDirectory, { recursive: true });
    await writeFile(fileIn(dataDirectory), JSON.stringify(values), { mode: 0o600 });
  };
  await keep();
  return {
    all: () => [...secrets.values()],
    find: (id) => [...secrets.values()].find(({ name, arn }) => id === name || id === arn),
    async put(secret, value, versionId = randomUUID()) {
      const changed = { ...secret, value, versionId };
      secrets.set(secret.name, changed);
      await keep();
      return changed;
    },
  };
}

/** The secret of a name; throws if the template declares none. */
export function requireSecret(secrets: Secrets, name: string): Secret {
  const found = secrets.find(name);
  if (!found) throw new Error(`the template has no secret ${name}`);
  return found;
}

const fileIn = (directory: string): string => join(directory, 'secrets.json');

import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { Find } from '../template/template.ts';

/** A secret as the template declares it. */
export interface DeclaredSecret {
  readonly name: string;
  readonly arn: string;
  readonly value: string;
  /** Whether the value is random, and so would be another one at the next start. */
  readonly generated: boolean;
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

/** The secrets of the template, with the values of a first deployment. */
export const declaredSecrets = (find: Find): DeclaredSecret[] =>
  find('AWS::SecretsManager::Secret', properties).map(({ name, ref, properties: of }) => ({
    name,
    arn: ref,
    value: of.SecretString ?? generate(generator.parse(of.GenerateSecretString ?? {})),
    generated: of.SecretString === undefined,
  }));

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

function generate({ SecretStringTemplate, GenerateStringKey, PasswordLength }: z.output<typeof generator>): string {
  const word = Array.from({ length: PasswordLength }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  if (SecretStringTemplate === undefined || GenerateStringKey === undefined) return word;
  return JSON.stringify({ ...JSON.parse(SecretStringTemplate), [GenerateStringKey]: word });
}

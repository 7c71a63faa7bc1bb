import { randomInt } from 'node:crypto';
import { z } from 'zod';
import type { Find } from '../template/template.ts';

/** A secret as the template makes it. */
export interface DeclaredSecret {
  readonly name: string;
  readonly arn: string;
  readonly value: string;
  /** Made of random characters; made anew, it is another one. */
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

/** The template's secrets as they are right after its first deployment. */
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

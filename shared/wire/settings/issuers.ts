import * as z from 'zod';
import { once } from '#domain/once.ts';

/** The algorithms by which an issuer may sign. None of them verifies with a shared secret. */
export const ISSUER_ALGORITHMS = ['RS256', 'ES256', 'EdDSA'] as const;
export type IssuerAlgorithm = (typeof ISSUER_ALGORITHMS)[number];

/** Lambda gives a function 4 KB of environment altogether. */
const MAX_TEXT = 2048;

/** An address of an identity provider: https, or http on this machine. */
const address = /* @__PURE__ */ once(() =>
  z
    .url()
    .regex(
      /^(?:https:\/\/|http:\/\/(?:localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?(?:\/|$))/,
      'must be an https address',
    ),
);

const claim = /* @__PURE__ */ once(() => z.string().min(1).max(128));

/** An identity provider whose tokens are logins. */
const issuer = /* @__PURE__ */ once(() =>
  z.strictObject({
    /** What its tokens have as `iss`, to the letter. */
    issuer: address().regex(/^[^?#]*$/, 'must have no query and no fragment'),
    /** A token must be for one of them. */
    audience: z.array(z.string().min(1)).min(1),
    /** Where its keys are. By default OpenID discovery says so. */
    jwks_uri: address().optional(),
    algorithms: z
      .array(z.enum(ISSUER_ALGORITHMS))
      .min(1)
      .default([...ISSUER_ALGORITHMS]),
    /** The claim with the user's id. */
    user_claim: claim().default('sub'),
    /** The claim with the name that others see. */
    name_claim: claim().default('name'),
    /** The claim with the address of the user's picture. */
    image_claim: claim().default('picture'),
    /** What makes a token one of the app's own backend: the value of a claim, or one of its values. */
    server: z.strictObject({ claim: claim(), value: z.string().min(1) }).optional(),
  }),
);

/** The identity providers of a deployment: the stage setting `issuers`. */
export const issuers = /* @__PURE__ */ once(() =>
  z
    .array(issuer())
    .superRefine((list, context) => {
      for (const [i, { issuer: name }] of list.entries()) {
        if (list.findIndex((other) => other.issuer === name) === i) continue;
        context.addIssue({ code: 'custom', path: [i, 'issuer'], message: 'is listed twice' });
      }
    })
    .refine((list) => JSON.stringify(list).length <= MAX_TEXT, `must be at most ${MAX_TEXT} characters of JSON`),
);

/** One identity provider, with its defaults. */
export type Issuer = z.output<ReturnType<typeof issuer>>;

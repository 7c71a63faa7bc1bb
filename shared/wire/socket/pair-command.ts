import * as z from 'zod';
import { candidate } from '../fields.ts';

/** What a client wants whose dialect names calls by who is in them. */
export type PairCommand =
  | { readonly type: 'ring'; readonly to: string; readonly offer: { readonly sdp: string }; readonly video: boolean }
  | { readonly type: 'answer'; readonly to: string; readonly answer: { readonly sdp: string } }
  | { readonly type: 'reject'; readonly to: string }
  | { readonly type: 'end'; readonly to?: string | undefined }
  | { readonly type: 'candidate'; readonly to: string; readonly body: Readonly<Record<string, unknown>> };

/** A candidate as browsers make it. The end of candidates is null, an empty text, or a candidate without one. */
export const pairCandidate = z
  .union([candidate(), z.null(), z.literal('')])
  .transform((sent): Readonly<Record<string, unknown>> => (sent === null || sent === '' ? { candidate: null } : sent));

/** What media a call has. */
export const callMedia = z.enum(['voice', 'video']);

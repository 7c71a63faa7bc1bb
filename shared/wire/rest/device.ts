import * as z from 'zod';
import { ID_TYPES, PUSH_PROVIDERS } from '#domain/push-token/token.ts';
import { moment } from '../basics.ts';

/** A device as its user sees it. */
export const device = z.strictObject({
  id: z.string(),
  push_provider: z.enum(PUSH_PROVIDERS),
  push_provider_name: z.string(),
  voip_token: z.boolean(),
  id_type: z.enum(ID_TYPES),
  sandbox: z.boolean(),
  hardware_id: z.string().exactOptional(),
  app_version: z.string().exactOptional(),
  user_id: z.string(),
  created_at: moment,
  updated_at: moment,
  failing: z.strictObject({ reason: z.string(), since: moment }).exactOptional(),
});

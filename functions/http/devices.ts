import { defined } from '#domain/defined.ts';
import { ServiceError } from '#domain/errors.ts';
import { lastOf } from '#domain/push-token/token.ts';
import { parsed } from '#kit/entry/parsed.ts';
import { empty, json } from '#kit/http/reply.ts';
import { type Route, route } from '#kit/http/route.ts';
import { log } from '#kit/observe/log.ts';
import { httpUseCases } from '#kit/wiring/wiring.ts';
import { operations } from '#wire/rest/operations.ts';
import { deviceView } from '#wire/views.ts';

/** Routes for the push tokens of the user who asks. */
export function deviceRoutes(): Route[] {
  const { verifier, registerDevice, listDevices, removeDevice, listPushProviders } = httpUseCases();
  const authenticated = route(verifier.verify);
  return [
    authenticated(operations.registerDevice, async ({ user, body, principal }) => {
      const { userId } = user();
      if (body.user_id !== undefined && body.user_id !== userId) {
        throw new ServiceError('not_allowed', 'a device can be registered for oneself only');
      }
      const { pushToken, created } = await registerDevice(
        {
          userId,
          token: body.id,
          provider: body.push_provider,
          ...defined({
            idType: body.id_type,
            providerName: body.push_provider_name,
            voip: body.voip_token,
            sandbox: body.sandbox,
            hardwareId: body.hardware_id,
            appVersion: body.app_version,
            keys: body.keys,
          }),
        },
        principal,
      );
      return json(created ? 201 : 200, { device: deviceView(pushToken) });
    }),

    authenticated(operations.listDevices, async ({ user }) =>
      json(200, { devices: (await listDevices(user().userId)).map(deviceView) }),
    ),

    authenticated(operations.removeDevice, async ({ user, query, principal: { kind, name } }) => {
      const { userId } = user();
      const { id: token } = parsed(operations.removeDevice.query(), query);
      if (kind === 'operator')
        log.info('an operator removes a device', { operator: name, user_id: userId, device: lastOf({ token }) });
      await removeDevice(userId, token);
      return empty(204);
    }),

    authenticated(operations.listPushProviders, async () => json(200, { push_providers: await listPushProviders() })),
  ];
}

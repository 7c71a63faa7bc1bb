import type * as z from 'zod';
import type { TokenKind } from '#domain/identity.ts';
import {
  acceptRequest,
  addMembersRequest,
  answerRequest,
  createCallRequest,
  deliveryPath,
  handsetRequest,
  iceRequest,
  keepCheckupRequest,
  leaveRequest,
  listCallsQuery,
  listDeliveriesQuery,
  listStageCallsQuery,
  mintTokenRequest,
  offerRequest,
  preferencesRequest,
  registerDeviceRequest,
  rejectRequest,
  removeDeviceQuery,
  ringRequest,
} from './requests.ts';

import { createSessionRequest, sessionPath, sessionRequest, sessionTokenRequest } from './sessions.ts';

/** One operation of the REST API: its method, path, tokens and input, whose schemas are made when they are first needed. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** `/api/v2/video/call/{type}/{id}` */
  readonly path: string;
  /** The kinds of token that it takes. If there are none, it needs no token. */
  readonly kinds: readonly TokenKind[];
  readonly body?: () => z.ZodType;
  readonly query?: () => z.ZodType;
  /** The parameters in `path`. @default type and id of a call */
  readonly params?: () => z.ZodType;
}

const DEVICES = '/api/v2/devices';
const BLOCKS = '/api/v2/blocks';
const PREFERENCES = '/api/v2/preferences';
const USER = '/api/v2/users/{user_id}';
const DELIVERIES = '/api/v2/webhooks/deliveries';
const DOCTOR = '/api/v2/doctor';
const CALL = '/api/v2/video/call/{type}/{id}';
const SESSIONS = '/api/v1/calls/session';
const SESSION = `${SESSIONS}/{id}`;

const user = ['login', 'server'] as const;
const userOrOperator = ['login', 'server', 'operator'] as const;
const app = ['server', 'operator'] as const;
const member = ['login', 'server', 'call'] as const;
const memberOrOperator = ['login', 'server', 'operator', 'call'] as const;
const memberOrWoken = ['login', 'server', 'call', 'wake'] as const;
const memberOperatorOrWoken = ['login', 'server', 'operator', 'call', 'wake'] as const;

/** All operations of the REST API. The functions serve them, and the published documents are made from them. */
export const operations = {
  getHealth: { method: 'GET', path: '/health', kinds: [] },
  getOpenApi: { method: 'GET', path: '/openapi.json', kinds: [] },
  getAsyncApi: { method: 'GET', path: '/asyncapi.json', kinds: [] },
  mintToken: { method: 'POST', path: '/v1/api/callStreams', kinds: ['server'], body: mintTokenRequest },
  registerDevice: { method: 'POST', path: DEVICES, kinds: user, body: registerDeviceRequest },
  listDevices: { method: 'GET', path: DEVICES, kinds: userOrOperator },
  removeDevice: { method: 'DELETE', path: DEVICES, kinds: userOrOperator, query: removeDeviceQuery },
  listPushProviders: { method: 'GET', path: '/api/v2/push_providers', kinds: userOrOperator },
  createCall: { method: 'POST', path: CALL, kinds: memberOrOperator, body: createCallRequest },
  getCall: { method: 'GET', path: CALL, kinds: memberOperatorOrWoken },
  listCalls: { method: 'GET', path: '/api/v2/video/calls', kinds: userOrOperator, query: listCallsQuery },
  listStageCalls: { method: 'GET', path: '/api/v2/calls', kinds: app, query: listStageCallsQuery },
  ringCall: { method: 'POST', path: `${CALL}/ring`, kinds: member, body: ringRequest },
  addMembers: { method: 'POST', path: `${CALL}/members`, kinds: member, body: addMembersRequest },
  reportRinging: { method: 'POST', path: `${CALL}/ringing`, kinds: memberOrWoken, body: handsetRequest },
  acceptCall: { method: 'POST', path: `${CALL}/accept`, kinds: memberOrWoken, body: acceptRequest },
  rejectCall: { method: 'POST', path: `${CALL}/reject`, kinds: memberOrWoken, body: rejectRequest },
  leaveCall: { method: 'POST', path: `${CALL}/leave`, kinds: memberOrWoken, body: leaveRequest },
  endCall: { method: 'POST', path: `${CALL}/mark_ended`, kinds: memberOperatorOrWoken, body: handsetRequest },
  sendOffer: { method: 'POST', path: `${CALL}/sdp/offer`, kinds: memberOrWoken, body: offerRequest },
  sendAnswer: { method: 'POST', path: `${CALL}/sdp/answer`, kinds: memberOrWoken, body: answerRequest },
  sendCandidates: { method: 'POST', path: `${CALL}/ice`, kinds: memberOrWoken, body: iceRequest },
  getTrace: { method: 'GET', path: `${CALL}/trace`, kinds: memberOrOperator },
  listBlocks: { method: 'GET', path: BLOCKS, kinds: userOrOperator },
  blockUser: { method: 'PUT', path: `${BLOCKS}/{user_id}`, kinds: user },
  unblockUser: { method: 'DELETE', path: `${BLOCKS}/{user_id}`, kinds: user },
  getPreferences: { method: 'GET', path: PREFERENCES, kinds: userOrOperator },
  setPreferences: { method: 'PUT', path: PREFERENCES, kinds: user, body: preferencesRequest },
  createSession: { method: 'POST', path: SESSIONS, kinds: user, body: createSessionRequest },
  getSession: { method: 'GET', path: SESSION, kinds: memberOrWoken, params: sessionPath },
  getSessionToken: {
    method: 'POST',
    path: `${SESSION}/token`,
    kinds: memberOrWoken,
    params: sessionPath,
    body: sessionTokenRequest,
  },
  declineSession: {
    method: 'POST',
    path: `${SESSION}/decline`,
    kinds: memberOrWoken,
    params: sessionPath,
    body: sessionRequest,
  },
  endSession: {
    method: 'POST',
    path: `${SESSION}/end`,
    kinds: memberOrWoken,
    params: sessionPath,
    body: sessionRequest,
  },
  connect: { method: 'POST', path: '/api/v2/connect', kinds: user },
  getUser: { method: 'GET', path: USER, kinds: app },
  signOutUser: { method: 'POST', path: `${USER}/sign_out`, kinds: user },
  deleteUser: { method: 'DELETE', path: USER, kinds: ['server'] },
  listIceServers: { method: 'GET', path: '/api/v2/ice_servers', kinds: member },
  listDeliveries: { method: 'GET', path: DELIVERIES, kinds: app, query: listDeliveriesQuery },
  replayDelivery: {
    method: 'POST',
    path: `${DELIVERIES}/{delivery_id}/replay`,
    kinds: app,
    params: deliveryPath,
  },
  getCheckup: { method: 'GET', path: DOCTOR, kinds: app },
  keepCheckup: { method: 'PUT', path: DOCTOR, kinds: app, body: keepCheckupRequest },
  getRoomConfig: { method: 'GET', path: '/webrtc/config', kinds: user },
} as const satisfies Record<string, Operation>;

/** The name of an operation. */
export type OperationId = keyof typeof operations;

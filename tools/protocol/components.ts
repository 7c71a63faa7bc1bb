import * as z from 'zod';
import * as basics from '#wire/basics.ts';
import * as call from '#wire/call.ts';
import * as fields from '#wire/fields.ts';
import * as push from '#wire/push/schemas.ts';
import * as answers from '#wire/rest/answers.ts';
import { device } from '#wire/rest/device.ts';
import * as problem from '#wire/rest/problem.ts';
import * as http from '#wire/rest/requests.ts';
import * as trace from '#wire/rest/trace.ts';
import * as events from '#wire/socket/native/events.ts';
import { commandFrames, connectQuery, frameId, signalFrames } from '#wire/socket/native/frames.ts';
import { codes } from './codes.ts';

/** `call.ring` and `Event`: `CallRingEvent`. */
export const componentName = (type: string, kind: string): string =>
  `${type.replaceAll(/(?:^|[._])([a-z])/g, (_, letter: string) => letter.toUpperCase())}${kind}`;

const named = (schemas: Readonly<Record<string, z.ZodType>>, kind: string) =>
  Object.fromEntries(Object.entries(schemas).map(([type, schema]) => [componentName(type, kind), schema]));

/** What a client may send over the socket, by its `type`: whole frames. */
export const commands: Readonly<Record<string, z.ZodType>> = {
  ...Object.fromEntries(
    Object.entries({ ...commandFrames, ...signalFrames }).map(([type, { shape }]) => [
      type,
      z.object({ type: z.literal(type), id: frameId.optional(), ...shape }),
    ]),
  ),
  ping: z.object({ type: z.literal('ping') }),
};

/** The schemas that have a name in the documents: wherever one is used, it is referred to. */
export const components: Readonly<Record<string, z.ZodType>> = {
  UserId: fields.userId,
  CallType: fields.callType,
  CallId: fields.callId,
  CallCid: fields.callCid,
  RingId: fields.ringId,
  HardwareId: fields.hardwareId,
  Custom: fields.custom,
  NewMember: fields.newMember,
  SettingsOverride: fields.settingsOverride,
  Offer: fields.offer,
  Answer: fields.answer,
  Candidate: fields.candidate,
  FrameId: frameId,
  CallPath: http.callPath,
  ConnectQuery: connectQuery,
  MintTokenRequest: http.mintTokenRequest,
  RegisterDeviceRequest: http.registerDeviceRequest,
  RemoveDeviceQuery: http.removeDeviceQuery,
  CreateCallRequest: http.createCallRequest,
  ListCallsQuery: http.listCallsQuery,
  RingRequest: http.ringRequest,
  AddMembersRequest: http.addMembersRequest,
  HandsetRequest: http.handsetRequest,
  AcceptRequest: http.acceptRequest,
  RejectRequest: http.rejectRequest,
  OfferRequest: http.offerRequest,
  AnswerRequest: http.answerRequest,
  IceRequest: http.iceRequest,
  ...named(commands, 'Command'),
  Moment: basics.moment,
  Person: basics.person,
  Call: call.call,
  AnsweredOn: call.answeredOn,
  Member: call.member,
  CallResource: call.callResource,
  Device: device,
  TraceEvent: trace.traceEvent,
  Verdict: trace.verdict,
  ErrorCode: problem.errorCode,
  FieldError: problem.fieldError,
  Problem: problem.problem,
  GatewayRefusal: problem.gatewayRefusal,
  Document: answers.document,
  Health: answers.health,
  MintedToken: answers.mintedToken,
  RegisteredDevice: answers.registeredDevice,
  DeviceList: answers.deviceList,
  CreatedCall: answers.createdCall,
  AcceptedCall: answers.acceptedCall,
  CallPage: answers.callPage,
  Trace: trace.trace,
  Taken: answers.taken,
  IceServer: answers.iceServer,
  IceServerList: answers.iceServerList,
  ...named(events.events, 'Event'),
  Pong: events.pong,
  Response: events.plainResponse,
  CallResponse: events.callResponse,
  AcceptResponse: events.acceptResponse,
  ErrorFrame: events.errorFrame,
  RingPush: push.ringPush,
  StopPush: push.stopPush,
  MissedPush: push.missedPush,
  ApnsVoipBody: push.apnsVoipBody,
  ApnsAlertBody: push.apnsAlertBody,
  ApnsAlertRing: push.apnsAlertRing,
  StreamPush: push.streamPush,
};

/** What a component is, and what zod's refinements ask of it that a JSON Schema can say in its own way. */
export const componentNotes: Readonly<Record<string, object>> = {
  UserId: { description: 'A user, by the app’s own id.', examples: ['bob'] },
  CallType: { description: 'The kind of the call: `default`, or whatever the app tells apart.', examples: ['default'] },
  CallId: { description: 'The id of the call: the app chooses it, and uses it once.', examples: ['demo-1'] },
  CallCid: { description: '`<call type>:<call id>`.', examples: ['default:demo-1'] },
  RingId: { description: 'The id of one ring of a call.', examples: ['ring-1'] },
  HardwareId: { description: 'A stable id of the handset.', examples: ['bobs-pixel'] },
  Custom: {
    description: 'The app’s own data: at most 2 KiB of JSON.',
    additionalProperties: true,
    examples: [{ topic: 'lunch' }],
  },
  Moment: { description: 'ISO 8601, UTC, milliseconds.', examples: ['2026-11-20T10:35:00.000Z'] },
  FrameId: { description: 'Chosen by the client: the answer carries it.', examples: ['c1'] },
  ErrorCode: { description: 'What went wrong: stable, for programs.', 'x-carillon-meanings': codes },
  IceRequest: { anyOf: [{ required: ['candidate'] }, { required: ['candidates'] }] },
  IceCandidateCommand: { anyOf: [{ required: ['candidate'] }, { required: ['candidates'] }] },
};

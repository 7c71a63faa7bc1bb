import { describe, expect, it, vi } from 'vitest';
import {
  APP_TEST_MS,
  android,
  answerOf,
  arrives,
  asServer,
  callOf,
  codeOf,
  crash,
  memberIn,
  membersOf,
  ordinary,
  pushed,
  pushedKeys,
  startApp,
  three,
  trickle,
  two,
} from '../../support/apps.ts';
import { callPath, type Person, person, unique } from '../../support/people.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

/** The app's backend creates a call in the name of `creator`, without ringing. */
async function made(creator: Person, others: readonly Person[]): Promise<{ id: string; cid: string }> {
  const id = unique('booking');
  const answer = await asServer('POST', `${callPath(id)}?user_id=${creator.id}`, { members: membersOf(others) });
  expect(answer).toMatchObject({ status: 201, body: { call: { status: 'created' } } });
  return { id, cid: `default:${id}` };
}

const doctorAndPatient = () => two('doctor', 'patient');

describe('a creator for whom the backend created the call', () => {
  it('is invited, and the other member can ring them', async () => {
    const [doctor, patient] = await doctorAndPatient();
    const phone = await android(doctor);
    const [his, hers] = await Promise.all([startApp(doctor), startApp(patient)]);
    const { id, cid } = await made(doctor, [patient]);
    expect(await memberIn(doctor, id)).toMatchObject({ role: 'admin', state: 'invited' });
    expect(await memberIn(patient, id)).toMatchObject({ role: 'user', state: 'invited' });
    const rung = await patient.post(callPath(id, '/ring'));
    expect(rung.body.call).toMatchObject({ status: 'ringing' });
    expect(await memberIn(doctor, id)).toMatchObject({ state: 'ringing' });
    expect(await memberIn(patient, id)).toMatchObject({ state: 'joined' });
    expect(await his.next('call.ring')).toMatchObject({ call_cid: cid, user: { id: patient.id, name: 'patient' } });
    expect(await pushedKeys(phone, 'call.ring')).toMatchObject({
      created_by_id: patient.id,
      created_by_name: 'patient',
      receiver_id: doctor.id,
    });
    expect(await his.ask({ type: 'call.accept', call_cid: cid })).toMatchObject({ call: { status: 'active' } });
    expect(await hers.next('call.accepted')).toMatchObject({ answered_by: { user_id: doctor.id } });
  });

  it('can be rung from a socket, with an offer', async () => {
    const [doctor, patient] = await doctorAndPatient();
    const [his, hers] = await Promise.all([startApp(doctor), startApp(patient)]);
    const { id, cid } = await made(doctor, [patient]);
    const offer = { type: 'offer', sdp: `v=0 ${id}` };
    const answer = await hers.ask({ type: 'call.ring', call_id: id, members: membersOf(doctor), offer });
    expect(answer).toMatchObject({ ok: true, call: { status: 'ringing' } });
    await his.next('call.ring');
    expect(await his.next('sdp.offer')).toMatchObject({ sdp: offer.sdp, from_user_id: patient.id });
    await his.ask({ type: 'call.accept', call_cid: cid, answer: answerOf() });
    await hers.next('sdp.answer');
    await arrives(his, await trickle(hers, cid, 'of-the-ringer'));
    await arrives(hers, await trickle(his, cid, 'of-the-creator'));
  });

  it('may ring, and is joined then', async () => {
    const [doctor, patient] = await doctorAndPatient();
    const hers = await startApp(patient);
    const { id, cid } = await made(doctor, [patient]);
    expect((await doctor.post(callPath(id, '/ring'))).body.call).toMatchObject({ status: 'ringing' });
    expect(await hers.next('call.ring')).toMatchObject({ call_cid: cid, user: { id: doctor.id } });
    expect(await memberIn(doctor, id)).toMatchObject({ state: 'joined' });
  });

  it('may decline, which ends the call as rejected', async () => {
    const [doctor, patient] = await doctorAndPatient();
    const [his, hers] = await Promise.all([startApp(doctor), startApp(patient)]);
    const { id, cid } = await made(doctor, [patient]);
    await patient.post(callPath(id, '/ring'));
    await his.next('call.ring');
    expect(codeOf(await his.ask({ type: 'call.reject', call_cid: cid }))).toBe('ok');
    expect(await hers.next('call.rejected')).toMatchObject({ user: { id: doctor.id } });
    expect(await callOf(patient, id)).toMatchObject({ ended_reason: 'rejected' });
  });

  it('is joined from the start if they created the call themselves', async () => {
    const [doctor, patient] = await doctorAndPatient();
    const id = unique('own');
    await doctor.post(callPath(id), { members: membersOf(patient) });
    expect(await memberIn(doctor, id)).toMatchObject({ state: 'joined' });
  });

  it('is joined if the backend rings in their name', async () => {
    const [doctor, patient] = await doctorAndPatient();
    const id = unique('rung');
    const body = { members: membersOf(patient), ring: true };
    await asServer('POST', `${callPath(id)}?user_id=${doctor.id}`, body);
    expect(await memberIn(doctor, id)).toMatchObject({ state: 'joined' });
    expect(await memberIn(patient, id)).toMatchObject({ state: 'ringing' });
  });
});

describe('the ringer of a call that a third user created', () => {
  /** The clinic's call with doctor and patient, in which the patient rings. */
  async function patientRings({ phone = false } = {}) {
    const [clinic, doctor, patient] = await three('clinic', 'doctor', 'patient');
    const token = phone ? await android(doctor) : '';
    const [his, hers] = await Promise.all([startApp(doctor), startApp(patient, { hardwareId: 'ringer' })]);
    const call = await made(clinic, [doctor, patient]);
    const rung = await hers.ask({
      type: 'call.ring',
      call_id: call.id,
      members: membersOf([doctor, patient]),
      offer: { type: 'offer', sdp: `v=0 ${call.id}` },
    });
    expect(rung).toMatchObject({ ok: true, call: { status: 'ringing' } });
    expect(await his.next('call.ring')).toMatchObject({ user: { id: patient.id } });
    return { clinic, doctor, patient, his, hers, token, ...call };
  }

  it('may signal, and the callee gets the offer and the candidates', async () => {
    const { doctor, patient, his, hers, cid } = await patientRings();
    expect(await his.next('sdp.offer')).toMatchObject({ from_user_id: patient.id });
    const sent = await trickle(hers, cid, 'of-the-ringer');
    await arrives(his, sent);
    await arrives(await startApp(doctor), sent);
  });

  it('gets the signals of the callee', async () => {
    const { his, hers, cid } = await patientRings();
    await his.ask({ type: 'call.accept', call_cid: cid, answer: answerOf() });
    await hers.next('sdp.answer');
    await arrives(hers, await trickle(his, cid, 'of-the-callee'));
  });

  it('hears that the phone rings', async () => {
    const { doctor, his, hers, cid } = await patientRings();
    await his.ask({ type: 'call.ringing', call_cid: cid });
    expect(await hers.next('call.ringing')).toMatchObject({ user: { id: doctor.id } });
  });

  it('hears of the answer', async () => {
    const { doctor, his, hers, cid } = await patientRings();
    await his.ask({ type: 'call.accept', call_cid: cid });
    expect(await hers.next('call.accepted')).toMatchObject({ answered_by: { user_id: doctor.id } });
  });

  it('hears of the decline', async () => {
    const { doctor, his, hers, cid } = await patientRings();
    await his.ask({ type: 'call.reject', call_cid: cid });
    expect(await hers.next('call.rejected')).toMatchObject({ user: { id: doctor.id } });
  });

  it.each(['call.cancel', 'call.leave', 'call.end', 'call.reject'])('cancels by %s', async (type) => {
    const { patient, his, hers, id, cid, token } = await patientRings({ phone: true });
    await pushed(token, 'call.ring');
    expect(codeOf(await hers.ask({ type, call_cid: cid }))).toBe('ok');
    expect(await his.next('call.cancelled')).toMatchObject({ user: { id: patient.id } });
    expect(await callOf(patient, id)).toMatchObject({
      status: 'ended',
      ended_reason: 'cancelled',
      ended_by: patient.id,
    });
    expect(await pushedKeys(token, 'call.cancelled')).toMatchObject({ notify: 'true', created_by_id: patient.id });
  });

  it.each(['/reject', '/leave', '/mark_ended'])('cancels by REST, %s', async (last) => {
    const { patient, his, id } = await patientRings();
    expect((await patient.post(callPath(id, last))).status).toBe(200);
    await his.next('call.cancelled');
    expect(await callOf(patient, id)).toMatchObject({ ended_reason: 'cancelled' });
  });

  it('cancels when their handset vanishes', async () => {
    const { his, hers } = await patientRings();
    await crash(hers);
    await his.next('call.cancelled');
  });

  it('is the only one who may cancel', async () => {
    const { doctor, clinic, his, id, cid } = await patientRings();
    expect(codeOf(await his.ask({ type: 'call.cancel', call_cid: cid }))).toBe('not_allowed');
    expect((await clinic.get(callPath(id))).body.call).toMatchObject({ status: 'ringing' });
    expect(await memberIn(doctor, id)).toMatchObject({ state: 'ringing' });
  });

  it('is named in the missed-call notice', async () => {
    const [clinic, doctor, patient] = await three('clinic', 'doctor', 'patient');
    const alert = await ordinary(doctor);
    const { id } = await made(clinic, [doctor, patient]);
    await patient.post(callPath(id, '/ring'), { member_ids: [doctor.id] });
    await patient.post(callPath(id, '/leave'));
    const notice = await pushed(alert, 'call.missed');
    expect(notice.body).toMatchObject({ created_by_id: patient.id, aps: { alert: { title: 'patient' } } });
  });

  it('hears that the callee is unreachable', async () => {
    const [clinic, doctor, patient] = await three('clinic', 'doctor', 'patient');
    const hers = await startApp(patient);
    const { id } = await made(clinic, [doctor, patient]);
    await patient.post(callPath(id, '/ring'), { member_ids: [doctor.id] });
    expect(await hers.next('call.unreachable')).toMatchObject({ user_id: doctor.id, reason: 'no_devices' });
  });

  it('hears that the callee is busy', async () => {
    const [clinic, doctor, patient] = await three('clinic', 'doctor', 'patient');
    const other = await person('other');
    await other.post(callPath(unique('busy')), { members: membersOf(doctor), ring: true });
    const hers = await startApp(patient);
    const { id } = await made(clinic, [doctor, patient]);
    await patient.post(callPath(id, '/ring'), { member_ids: [doctor.id] });
    expect(await hers.next('call.rejected')).toMatchObject({ user: { id: doctor.id }, reason: 'busy' });
  });

  it('hears that the ring was missed', async () => {
    const [clinic, doctor, patient] = await three('clinic', 'doctor', 'patient');
    const hers = await startApp(patient);
    const id = unique('booking');
    await asServer('POST', `${callPath(id)}?user_id=${clinic.id}`, {
      members: membersOf([doctor, patient]),
      settings_override: { ring: { auto_cancel_timeout_ms: 5000 } },
    });
    await patient.post(callPath(id, '/ring'), { member_ids: [doctor.id] });
    expect(await hers.next('call.missed')).toMatchObject({ call: { ended_reason: 'missed' } });
  });
});

describe('a member who rings another member of an active call', () => {
  it('is named as the caller and hears that the phone rings', async () => {
    const [alice, bob, carol] = await three();
    const phone = await android(carol);
    const [hers, his] = await Promise.all([startApp(alice), startApp(bob)]);
    const id = unique('call');
    await hers.ask({ type: 'call.ring', call_id: id, members: membersOf(bob) });
    await his.next('call.ring');
    await his.ask({ type: 'call.accept', call_cid: `default:${id}` });
    await alice.post(callPath(id, '/members'), { members: membersOf(carol) });
    await bob.post(callPath(id, '/ring'), { member_ids: [carol.id] });
    expect(await pushedKeys(phone, 'call.ring')).toMatchObject({ created_by_id: bob.id });
    const carols = await startApp(carol);
    expect(await carols.next('call.ring')).toMatchObject({ user: { id: bob.id } });
    await carols.ask({ type: 'call.ringing', call_cid: `default:${id}` });
    expect(await his.next('call.ringing')).toMatchObject({ user: { id: carol.id } });
  });
});

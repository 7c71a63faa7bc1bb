import type { StageCall } from '../api/api.ts';
import { CallStatus } from '../parts/status.tsx';
import { callAddress, UserText } from '../parts/user-text.tsx';
import { summaryOf } from '../parts/verdicts.ts';
import { When } from '../parts/when.tsx';

/** Calls as a list: when, who, how they are, and what became of their ring. With a user, their own verdict. */
export const CallList = ({
  calls,
  userId,
}: {
  readonly calls: readonly StageCall[];
  readonly userId?: string | undefined;
}) => (
  <ul class="calls">
    {calls.map((each) => (
      <li key={each.call.cid}>
        <a href={callAddress(each.call.cid)}>
          <span class="call-when">
            <When at={each.call.created_at} />
          </span>
          <span class="call-who">
            <Names {...each} />
          </span>
          <CallStatus call={each.call} />
          <span class="call-verdict">
            <UserText>{verdictFor(each, userId)}</UserText>
          </span>
        </a>
      </li>
    ))}
  </ul>
);

/** What one line says of a call: the verdict of this user if they were rung, else that of the whole call. */
const verdictFor = ({ verdicts }: StageCall, userId?: string): string =>
  verdicts.find(({ user_id }) => user_id === userId)?.verdict ?? summaryOf(verdicts);

const NAMED = 2;

function Names({ call: { created_by }, members }: StageCall) {
  const callees = members.filter(({ user_id }) => user_id !== created_by.id);
  return (
    <>
      <UserText>{created_by.name ?? created_by.id}</UserText> <span aria-hidden="true">→</span>
      <span class="visually-hidden">calls</span>{' '}
      {callees.slice(0, NAMED).map(({ user_id }, i) => (
        <span key={user_id}>
          {i > 0 && ', '}
          <UserText>{user_id}</UserText>
        </span>
      ))}
      {callees.length > NAMED && ` and ${callees.length - NAMED} more`}
    </>
  );
}

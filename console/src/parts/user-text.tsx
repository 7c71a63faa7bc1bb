import { cidPath } from '../api/cid-path.ts';

/** Text that users chose: names, ids, reasons. It may run from right to left, and turns nothing around it. */
export const UserText = ({ children }: { readonly children: string }) => <bdi class="user-text">{children}</bdi>;

/** A person, by name where there is one. The name is what they say, the id is what is true. */
export const Person = ({ id, name }: { readonly id: string; readonly name?: string | undefined }) => (
  <a href={userAddress(id)}>
    {name === undefined || name === id ? (
      <UserText>{id}</UserText>
    ) : (
      <>
        <UserText>{name}</UserText> (<UserText>{id}</UserText>)
      </>
    )}
  </a>
);

/** Where a user's page is. */
export const userAddress = (id: string): string => `/console/users/${encodeURIComponent(id)}`;

/** Where a call's page is. */
export const callAddress = (cid: string): string => `/console/calls/${cidPath(cid)}`;

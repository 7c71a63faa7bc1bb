import type { Chapter } from './described.ts';

/** What may be done to a user. */
export const users = {
  name: 'Users',
  description:
    'A user is known by the app’s own id. Both requests may be repeated. A token that is refused for one of them gets `unauthenticated` with the reason `signed_out`.',
  operations: {
    signOutUser: {
      summary: 'Sign a user out everywhere',
      description:
        'For the user, or for a server token. Every login, wake and call token of the user that was issued before the answer is refused, within five seconds; so is one without `iat`. Their connections are closed and their devices forgotten, and phones that ring fall silent. A token that is minted after the answer is good at once.',
      answers: { 204: { description: 'They are signed out. A login that asked for itself is refused from now on.' } },
    },
    deleteUser: {
      summary: 'Delete a user',
      description:
        'Signs the user out everywhere, takes them out of their calls, and deletes devices, history and whatever else is kept of them, within a minute. Calls of others keep the id until their retention ends.',
      answers: { 202: { description: 'It is under way.' } },
    },
  },
} as const satisfies Chapter;

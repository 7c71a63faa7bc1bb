import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson } from '../http-messages.ts';
import type { Keys } from './keys.ts';
import { type Access, allows, type Role, type Statement } from './roles.ts';
import { signerOf } from './signature.ts';

/** What a function may do, and what it has done so far. */
export interface Rights {
  readonly statements: readonly Statement[];
  /** Each access once, in the order in which they were first made. */
  readonly used: readonly Access[];
}

/** Lets requests to AWS's services pass if they are signed by somebody who may make them. */
export interface Guard {
  /** Answers a request that is refused; false if it may pass. */
  refuses(
    request: IncomingMessage,
    response: ServerResponse,
    asked: { readonly body: Buffer; readonly accesses: readonly Access[] },
  ): Promise<boolean>;
  /** Makes sure that Lambda may do something for a function: poll a queue, write its log. */
  require(functionName: string, accesses: readonly Access[]): void;
  /** The rights of all functions, by their names. */
  readonly rights: ReadonlyMap<string, Rights>;
}

export interface GuardParts {
  readonly keys: Keys;
  /** By the names of the functions. */
  readonly roles: ReadonlyMap<string, Role>;
}

/** Guards the services of a stack. */
export function openGuard({ keys, roles }: GuardParts): Guard {
  const used = new Map([...roles.keys()].map((name) => [name, new Map<string, Access>()]));
  const mayDo = (functionName: string, access: Access): boolean => {
    if (!allows(roles.get(functionName)?.statements ?? [], access)) return false;
    used.get(functionName)?.set(`${access.action} ${access.resource}`, access);
    return true;
  };
  return {
    async refuses(request, response, { body, accesses }) {
      const { method = '', url = '', headers } = request;
      const signer = await signerOf({ method, path: url, headers, body }, keys.find);
      if ('code' in signer) return refuse(response, signer.code, signer.message);
      const { functionName, arn } = signer.key;
      if (functionName === undefined) return false;
      const denied = accesses.find((access) => !mayDo(functionName, access));
      if (!denied) return false;
      const { action, resource } = denied;
      return refuse(
        response,
        'AccessDeniedException',
        `User: ${arn} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action`,
      );
    },
    require(functionName, accesses) {
      const denied = accesses.find((access) => !mayDo(functionName, access));
      if (denied) throw new Error(`the role of ${functionName} may not ${denied.action} on ${denied.resource}`);
    },
    get rights() {
      return new Map(
        [...roles].map(([name, { statements }]) => [name, { statements, used: [...(used.get(name)?.values() ?? [])] }]),
      );
    },
  };
}

function refuse(response: ServerResponse, code: string, message: string): true {
  sendJson(response, 400, { __type: code, message, Message: message }, { 'x-amzn-errortype': code });
  return true;
}

import type { HttpBindings } from '@hono/node-server';

/** What the doors know of every request. */
export interface DoorVariables {
  /** Goes out with every answer and stands in the log beside what failed. */
  requestId: string;
  /** Where the request came from, as far as TRUST_PROXY lets it be believed; null: not over a socket. */
  clientAddress: string | null;
}

export interface DoorEnv {
  /** Node's own request, absent where a test hands one in. */
  Bindings: Partial<HttpBindings>;
  Variables: DoorVariables;
}

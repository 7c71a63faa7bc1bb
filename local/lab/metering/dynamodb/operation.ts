import type { Bill } from './bill.ts';
import type { ItemKey } from './item-kind.ts';

/** What the engine answered. */
export interface EngineAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** What an operation can ask the engine for. */
export interface Engine {
  /** Sends the original request, once. */
  send(): Promise<EngineAnswer>;
  /** The current sizes of items in bytes; 0 if there is none. */
  sizesOf(tableName: string, keys: readonly ItemKey[]): Promise<readonly number[]>;
}

/** How one kind of request is counted. */
export interface Operation {
  /** Extra parameters that make the engine report costs. What they add is removed from the answer. */
  asks(body: Readonly<Record<string, unknown>>): Readonly<Record<string, string>>;
  /** Carries out the request and returns its answer and its cost. */
  run(body: unknown, engine: Engine): Promise<{ readonly answer: EngineAnswer; readonly bills: readonly Bill[] }>;
}

import type { AgentState } from './rules.ts';
import type { ActivityEntry } from './store.ts';

/** An agent's state that was read without a lock, and how what is made of it is written. */
export interface SeenState {
  readonly state: AgentState;
  /**
   * Writes the next state with its activity and its notice, in one commit.
   * @returns false, and nothing is written, when what was seen no longer holds or is being changed
   */
  readonly save: (next: AgentState, entry: ActivityEntry) => Promise<boolean>;
}

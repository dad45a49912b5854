/** What all processes of a world share. */
import type { Bank } from './bank';
import type { Process } from './process';
import type { Table } from './table';

export interface Surroundings {
  readonly table: Table;
  /** In the order in which payments are routed to them. */
  readonly banks: readonly Bank[];
  readonly processes: readonly Process[];
  onCrash(process: Process): void;
}

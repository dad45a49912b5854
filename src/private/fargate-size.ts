/** CPU and memory that Fargate offers together. */
import type { IConstruct } from 'constructs';
import { known, refuse } from './validation';

/** MiB by CPU units. */
const MEMORY_MIB: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, 1024, 2048]],
  [512, steps(1024, 4096, 1024)],
  [1024, steps(2048, 8192, 1024)],
  [2048, steps(4096, 16_384, 1024)],
  [4096, steps(8192, 30_720, 1024)],
  [8192, steps(16_384, 61_440, 4096)],
  [16_384, steps(32_768, 122_880, 8192)],
]);

export function checkFargateSize(where: IConstruct, cpu: number, memoryMiB: number): void {
  if (known(cpu) === undefined || known(memoryMiB) === undefined) return;
  const sizes = MEMORY_MIB.get(cpu);
  if (sizes === undefined) {
    refuse(where, {
      code: 'fargate-cpu',
      what: 'cpu is no size that Fargate offers',
      got: cpu,
      allowed: [...MEMORY_MIB.keys()].join(', '),
      fix: 'set cpu to one of them',
    });
  }
  if (sizes.includes(memoryMiB)) return;
  refuse(where, {
    code: 'fargate-memory',
    what: `memoryLimitMiB is no size that Fargate offers with cpu ${cpu}`,
    got: memoryMiB,
    allowed: sizes.join(', '),
    fix: 'set memoryLimitMiB to one of them, or cpu to another size',
  });
}

function steps(first: number, last: number, step: number): number[] {
  return Array.from({ length: (last - first) / step + 1 }, (_, i) => first + i * step);
}

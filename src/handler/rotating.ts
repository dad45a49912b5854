/** What is read at start and again from time to time, because it may rotate while the process runs. */
import type { Clock } from './app/ports';
import { LIMITS } from './domain/limits';

export class Rotating<T> {
  private constructor(
    private readonly load: () => Promise<T>,
    public current: T,
  ) {}

  static async open<T>(load: () => Promise<T>): Promise<Rotating<T>> {
    return new Rotating(load, await load());
  }

  async refresh(): Promise<void> {
    this.current = await this.load();
  }
}

/** One that cannot be read keeps what it has, and stops no other. */
export async function refreshForEver(
  rotating: readonly { refresh(): Promise<void> }[],
  clock: Clock,
  stopping: AbortSignal,
  onError: (error: unknown) => void,
): Promise<void> {
  while (rotating.length > 0) {
    await clock.sleep(LIMITS.secretRefreshMs, stopping).catch(() => undefined);
    if (stopping.aborted) return;
    for (const each of rotating) await each.refresh().catch(onError);
  }
}

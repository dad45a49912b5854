/** The way between clients and processes, and the history of all that was sent on it: what the checks are made from. */
import { type Reply, type Request, serve } from './front';
import { type Ground, isoAt, latency } from './ground';
import type { Life, Process } from './process';

/** One sending of a request; a client that tries again makes another. */
export interface Attempt {
  /** Its requestId, and its place in the history. */
  readonly id: string;
  readonly request: Request;
  /** Set once a process has it. */
  life?: Life;
  arrivedMs?: number;
  /** What that process's clock said then. */
  clock?: string;
  /** Set once the process has answered, whether or not the client ever hears of it. */
  reply?: Reply;
  repliedMs?: number;
}

export class Network {
  readonly attempts: Attempt[] = [];
  private readonly open = new Map<Attempt, () => void>();

  constructor(
    private readonly ground: Ground,
    private readonly processes: readonly Process[],
  ) {}

  /** @returns what the client gets to see within its patience */
  async send(request: Request, patienceMs: number): Promise<Reply | undefined> {
    const { faults, scheduler } = this.ground;
    const gone = new AbortController();
    return new Promise((resolve) => {
      const giveUp = scheduler.in(patienceMs, () => {
        gone.abort();
        resolve(undefined);
      });
      const hear = (reply: Reply | undefined) => {
        giveUp();
        resolve(reply);
      };
      this.deliver(request, gone.signal, hear);
      if (faults.hits('client-sends-twice')) this.deliver(request, gone.signal, () => undefined);
    });
  }

  /** The connections to a process that has crashed are reset. */
  onCrash(): void {
    for (const [attempt, reset] of [...this.open]) {
      if (attempt.life?.alive !== false) continue;
      this.open.delete(attempt);
      this.ground.scheduler.in(latency(this.ground), reset);
    }
  }

  private deliver(request: Request, gone: AbortSignal, hear: (reply: Reply | undefined) => void): void {
    const { random, scheduler, faults } = this.ground;
    const attempt: Attempt = { id: `req-${this.attempts.length + 1}`, request };
    this.attempts.push(attempt);
    const process = random.pick(this.processes);
    scheduler.in(latency(this.ground), () => {
      const { life } = process;
      if (life === undefined) return hear(undefined);
      attempt.life = life;
      this.open.set(attempt, () => hear(undefined));
      life.later(0, 'request', () => {
        this.answer(attempt, life, process, gone, (reply) => {
          this.open.delete(attempt);
          if (faults.hits('client-reply-lost')) return;
          scheduler.in(latency(this.ground), () => hear(reply));
        });
      });
    });
  }

  private answer(
    attempt: Attempt,
    life: Life,
    process: Process,
    gone: AbortSignal,
    done: (reply: Reply) => void,
  ): void {
    const { scheduler } = this.ground;
    attempt.arrivedMs = scheduler.nowMs;
    attempt.clock = isoAt(scheduler.nowMs + process.skewMs());
    this.ground.trace(() => `${attempt.id} arrives at ${life.name}: ${JSON.stringify(attempt.request)}`);
    serve(life.deps, attempt.request, attempt.id, gone).then(
      (reply) => {
        if (!life.alive) return;
        attempt.reply = reply;
        attempt.repliedMs = scheduler.nowMs;
        this.ground.count(`status ${reply.status}`);
        this.ground.trace(() => `${attempt.id} of ${life.name} → ${reply.status} ${reply.body}`);
        done(reply);
      },
      (error: unknown) => this.ground.violate('I35', `${attempt.id} met an error that is no Problem: ${error}`),
    );
  }
}

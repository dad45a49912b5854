/** What may happen to a payment next. Every command says first what the model must come to, then does it, then compares. */
import fc, { type AsyncCommand } from 'fast-check';
import type { Fate } from './banks';
import { compare, expectAnswer } from './compare';
import { COURSES, type Course, differs } from './courses';
import { type Ask, type Asked, type PaymentModel, TOTAL, type Verb } from './payment-model';
import type { Real, Reply } from './real';

type Command = AsyncCommand<PaymentModel, Real>;

const SAVED = ['payment-state', 'qr-mismatch', 'amount-mismatch', 'amount-exceeded', 'currency-mismatch'];

/** A request with a new key. */
class AskCommand implements Command {
  constructor(
    private readonly ask: Ask,
    private readonly course: Course,
    private readonly ifMatch: 'none' | 'right' | 'wrong',
  ) {}

  check(): boolean {
    return true;
  }

  async run(model: PaymentModel, real: Real): Promise<void> {
    const asked: Asked = { key: `key-of-request-${model.asked.length}-${model.version}`, ask: this.ask };
    const nowMs = real.nowMs();
    model.look(nowMs);
    if (this.ifMatch === 'wrong') {
      expectAnswer(await real.ask(this.ask, asked.key, model.version + 7), { refused: 'version-mismatch' }, false);
      return compare(model, real);
    }
    const version = this.ifMatch === 'right' ? model.version : undefined;
    const verdict = model.judge(this.ask);
    if ('begin' in verdict) {
      model.begin(asked, verdict.begin, nowMs);
      await this.playOut(model, real, asked, version);
    } else if ('cancels' in verdict) {
      asked.answer = model.cancelUnpaid();
      model.asked.push(asked);
      expectAnswer(await real.ask(this.ask, asked.key, version), asked.answer, false);
    } else {
      expectAnswer(await real.ask(this.ask, asked.key, version), verdict, false);
      if (SAVED.includes(verdict.refused)) model.asked.push({ ...asked, answer: verdict });
      await real.quiet();
      model.goOn(nowMs);
    }
    await compare(model, real);
  }

  private async playOut(model: PaymentModel, real: Real, asked: Asked, version?: number): Promise<void> {
    const { course, ask } = this;
    const { banks } = real;
    if ('fates' in course) {
      banks.fates.push(...course.fates);
      const reply = await real.ask(ask, asked.key, version);
      course.play(model);
      expectAnswer(reply, asked.answer, false);
    } else if (course.name === 'silent') {
      banks.silent = true;
      const reply = await real.ask(ask, asked.key, version);
      model.remainUnknown(false);
      expectAnswer(reply, undefined, false);
    } else if (course.name === 'overtaken') {
      banks.fates.push('held');
      const reply = await real.askAndBeOvertaken(ask, asked.key);
      model.decline();
      model.late(ask.verb);
      expectAnswer(reply, asked.answer, false);
    } else if (course.name === 'changes its mind' || model.doubts.length > 0) {
      banks.fates.push('declined-lost');
      const reply = await real.ask(ask, asked.key, version);
      model.decline();
      expectAnswer(reply, asked.answer, false);
      const { operations } = (await real.stored()).state;
      banks.changeMind(`${real.id}.${operations.at(-1)!.op}`);
      model.doubt(ask.verb, real.nowMs());
    } else {
      banks.fates.push(course.name === 'dies' ? 'hang' : 'hang-done');
      await real.askAndDie(ask, asked.key);
    }
    banks.silent = false;
  }

  toString(): string {
    const { verb, amount = 'all', currency, qr } = this.ask;
    return `${verb} ${amount} ${currency} qr:${qr} if-match:${this.ifMatch} bank:${this.course.name}`;
  }
}

/** The same key again, with the same request or with another one. */
class RetryCommand implements Command {
  constructor(
    private readonly nth: number,
    private readonly altered: boolean,
  ) {}

  check({ asked }: PaymentModel): boolean {
    return asked.length > 0;
  }

  async run(model: PaymentModel, real: Real): Promise<void> {
    const nowMs = real.nowMs();
    const asked = model.asked[this.nth % model.asked.length]!;
    model.look(nowMs);
    const { verb } = asked.ask;
    const other: Ask = { ...asked.ask, verb: verb === 'capture' ? 'refund' : 'capture' };
    const isOpen = asked.answer === undefined;
    const reply = await real.ask(this.altered ? other : asked.ask, asked.key);
    if (this.altered) {
      expectAnswer(reply, { refused: 'idempotency-mismatch' }, false);
    } else if (isOpen && !model.isAbandoned(nowMs)) {
      expectAnswer(reply, { refused: 'idempotency-in-progress' }, false);
    } else {
      if (isOpen) model.goOn(nowMs);
      expectAnswer(reply, asked.answer, !isOpen);
    }
    await compare(model, real);
  }

  toString(): string {
    return `retry ${this.nth}${this.altered ? ' with another request' : ''}`;
  }
}

class ReadCommand implements Command {
  check(): boolean {
    return true;
  }

  async run(model: PaymentModel, real: Real): Promise<void> {
    const nowMs = real.nowMs();
    model.look(nowMs);
    const { state } = await real.read();
    expect({ version: state.version, status: state.status }).toEqual({ version: model.version, status: model.status });
    await real.quiet();
    model.goOn(nowMs);
    await compare(model, real);
  }

  toString(): string {
    return 'read';
  }
}

class SweepCommand implements Command {
  constructor(private readonly fate: Fate) {}

  check(): boolean {
    return true;
  }

  async run(model: PaymentModel, real: Real): Promise<void> {
    // Only the undoing of a late step meets this fate.
    if (model.open === undefined && model.due.length > 0) real.banks.fates.push(this.fate);
    const nowMs = real.nowMs();
    await real.sweep();
    model.sweep(nowMs, this.fate !== 'decline');
    await compare(model, real);
  }

  toString(): string {
    return `sweep, bank: ${String(this.fate)}`;
  }
}

class WaitCommand implements Command {
  constructor(private readonly ms: number) {}

  check(): boolean {
    return true;
  }

  async run(_: PaymentModel, real: Real): Promise<void> {
    real.world.clock.advance(this.ms);
  }

  toString(): string {
    return `wait ${this.ms} ms`;
  }
}

/** Several at once: as many succeed as would one after the other, in some order. */
class RaceCommand implements Command {
  constructor(private readonly verbs: readonly Verb[]) {}

  check(model: PaymentModel): boolean {
    return model.open === undefined && model.due.length === 0 && !model.stuck;
  }

  async run(model: PaymentModel, real: Real): Promise<void> {
    const nowMs = real.nowMs();
    model.look(nowMs);
    const asks = this.verbs.map((verb, n): Asked => {
      const ask: Ask = { verb, currency: 'SGD', qr: 'none', ...(verb === 'refund' && { amount: TOTAL / 4 }) };
      return { ask, key: `key-of-a-racer-${n}-${model.version}-${model.asked.length}` };
    });
    const replies = await Promise.all(
      asks.map(async (asked) => ({ asked, reply: await real.ask(asked.ask, asked.key) })),
    );
    const versionOf = (reply: Reply) => ('version' in reply ? reply.version : Number.POSITIVE_INFINITY);
    for (const { asked, reply } of replies.sort((one, other) => versionOf(one.reply) - versionOf(other.reply))) {
      if ('refused' in reply) {
        expect([...SAVED, 'operation-in-progress']).toContain(reply.refused);
        if (SAVED.includes(reply.refused)) model.asked.push({ ...asked, answer: { refused: reply.refused } });
        continue;
      }
      const verdict = model.judge(asked.ask);
      if ('cancels' in verdict) {
        asked.answer = model.cancelUnpaid();
        model.asked.push(asked);
      } else {
        model.begin(asked, 'begin' in verdict ? verdict.begin : Number.NaN, nowMs);
        model.succeed();
      }
      expectAnswer(reply, asked.answer, false);
    }
    await compare(model, real);
  }

  toString(): string {
    return `race of ${this.verbs.join(', ')}`;
  }
}

const weighted = <T>(...choices: readonly [number, fc.Arbitrary<T>][]) =>
  fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
const all = fc.constant(undefined);
const any = fc.integer({ min: 1, max: 1_300 });

/** Most of them make sense, so that runs get far. */
const ask = weighted<Verb>(
  [6, fc.constant('authorize')],
  [4, fc.constant('capture')],
  [6, fc.constant('refund')],
  [1, fc.constant('cancel')],
).chain((verb) =>
  fc.record<Ask>({
    verb: fc.constant(verb),
    amount:
      verb === 'refund'
        ? weighted<number | undefined>([1, all], [6, fc.integer({ min: 1, max: 200 })], [1, any])
        : weighted<number | undefined>([8, all], [1, fc.constant(TOTAL)], [1, any]),
    currency: weighted([15, fc.constant('SGD')], [1, fc.constant('USD')]),
    qr: weighted<Ask['qr']>([12, fc.constant('none')], [2, fc.constant('right')], [1, fc.constant('wrong')]),
  }),
);
const course = weighted<Course>(
  [10, fc.constant(COURSES[0]!)],
  [14, fc.constantFrom(...COURSES)],
  [1, any.map(differs)],
);
const ifMatch = weighted<'none' | 'right' | 'wrong'>(
  [12, fc.constant('none')],
  [2, fc.constant('right')],
  [1, fc.constant('wrong')],
);
const asking = fc.tuple(ask, course, ifMatch).map((parts) => new AskCommand(...parts));
const racing = weighted<Verb>(
  [3, fc.constant('authorize')],
  [3, fc.constant('capture')],
  [3, fc.constant('refund')],
  [1, fc.constant('cancel')],
);

export const commands = fc.commands<PaymentModel, Real, false>(
  [
    ...Array.from({ length: 6 }, () => asking),
    fc
      .tuple(fc.nat(50), weighted([3, fc.constant(false)], [1, fc.constant(true)]))
      .map((parts) => new RetryCommand(...parts)),
    fc.constant(new ReadCommand()),
    weighted<Fate>(
      [6, fc.constant('approve')],
      [1, fc.constantFrom<Fate>('decline', 'done-lost', 'lost', 'not-sent')],
    ).map((fate) => new SweepCommand(fate)),
    fc.constantFrom(1, 6_999, 7_000, 20_000).map((ms) => new WaitCommand(ms)),
    fc.array(racing, { minLength: 2, maxLength: 6 }).map((verbs) => new RaceCommand(verbs)),
  ],
  { maxCommands: 40, size: 'max' },
);

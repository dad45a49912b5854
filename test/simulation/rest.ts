/** What clients do when all is quiet again: those without a certain answer ask for it, and everybody asks once more, long afterwards. */
import type { Ground } from './ground';
import type { Attempt, Network } from './network';
import { isOpen } from './shop';

const TRIES = 20;

/**
 * Every key that some request came with gets a certain answer now (I05, I18, I37).
 * @param isStuck of payments that wait for people
 */
export async function askAgain(ground: Ground, network: Network, isStuck: (id: string) => boolean): Promise<void> {
  const answered = new Set(network.attempts.filter(({ reply }) => !isOpen(reply)).map(nameOf));
  const waiting = new Map(
    network.attempts.filter((attempt) => !answered.has(nameOf(attempt))).map((each) => [nameOf(each), each]),
  );
  const left = [...waiting.values()].filter(({ request }) => !isStuck(request.id ?? ''));
  await Promise.all(left.map((attempt) => insist(ground, network, attempt)));
}

/** The same requests again: whatever was answered for good is answered so again (I19, I20). */
export async function repeatAll(network: Network): Promise<void> {
  const distinct = new Map(network.attempts.map((attempt) => [nameOf(attempt), attempt]));
  await Promise.all([...distinct.values()].map(({ request }) => network.send(request, 60_000)));
}

async function insist(ground: Ground, network: Network, { id, request }: Attempt): Promise<void> {
  for (let tries = 0; tries < TRIES; tries++) {
    const reply = await network.send(request, 60_000);
    if (!isOpen(reply)) return;
    await ground.scheduler.sleep(1_000);
  }
  ground.violate('I37', `${id} gets no certain answer, however often it asks`);
}

function nameOf({ request }: Attempt): string {
  return JSON.stringify(request);
}

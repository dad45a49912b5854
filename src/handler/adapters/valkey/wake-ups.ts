/** Wake-ups across processes: at once in this one, by way of the cache in the others. */
import type { WakeUps } from '../../app/ports';
import { LIMITS } from '../../domain/limits';
import type { Cache } from './cache';

export function createValkeyWakeUps(cache: Cache, namespace: string, local: WakeUps): WakeUps {
  const channels = Array.from({ length: LIMITS.wakeUpChannels }, (_, n) => `${namespace}changed:${n}`);
  const pending = new Set<string>();
  let gathering: NodeJS.Timeout | undefined;
  let publishing = false;

  for (const channel of channels) {
    cache.subscribe(channel, (message) => {
      if (message.length > LIMITS.wakeUpMessageBytes) return; // not one of ours
      for (const paymentId of message.split(' ')) local.announce(paymentId);
    });
  }

  function gather(): void {
    if (gathering !== undefined || publishing || pending.size === 0) return;
    gathering = setTimeout(publish, LIMITS.wakeUpGatherMs);
  }

  /** One message is under way at a time, by each channel in turn: everybody listens to all of them, and no shard has more than its part. */
  async function publish(): Promise<void> {
    gathering = undefined;
    publishing = true;
    const message = [...pending].join(' ');
    pending.clear();
    channels.push(channels.shift()!);
    await cache.publish(channels[0]!, message);
    publishing = false;
    gather();
  }

  return {
    announce(paymentId) {
      local.announce(paymentId);
      if (!cache.isUp || pending.size >= LIMITS.wakeUpsPending) return;
      pending.add(paymentId);
      gather();
    },
    wait: (paymentId, timeoutMs, signal) => local.wait(paymentId, timeoutMs, signal),
  };
}

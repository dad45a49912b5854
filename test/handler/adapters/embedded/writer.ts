/** A process that writes payments to a directory until it is killed, and says on stdout what was acknowledged. */
import { writeSync } from 'node:fs';
import { openEmbeddedStore } from '../../../../src/handler/adapters/embedded/payment-store';
import { created, refused } from '../sample-payments';

async function writeForEver(directory: string): Promise<void> {
  const store = await openEmbeddedStore(directory, 'local');
  const writers = Array.from({ length: 8 }, async () => {
    for (;;) {
      let payment = created();
      await store.create(payment);
      // Straight to the pipe: what the parent has read is in its hands, whatever becomes of this process.
      writeSync(1, `${payment.facts.id} ${payment.revision}\n`);
      for (let n = 0; n < 3; n++) {
        payment = refused(payment);
        await store.replace(payment);
        writeSync(1, `${payment.facts.id} ${payment.revision}\n`);
      }
    }
  });
  await Promise.all(writers);
}

writeForEver(process.argv[2] ?? '').catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});

/** Profiles: what a process remembers of them, and what it starts with. */
import { createMemoryStore } from '../../../src/handler/adapters/memory/payment-store';
import type { Deps } from '../../../src/handler/app/context';
import { findMerchant, putMerchant, readMerchant, seedMerchants } from '../../../src/handler/app/merchants';
import type { PaymentStore } from '../../../src/handler/app/ports';
import { LIMITS } from '../../../src/handler/domain/limits';
import { World } from './world';

const emv = { scheme: 'emv', template: '26', fields: { '00': 'com.example.pay', '01': '1' } };
const profile = { name: 'Shop', city: 'Singapore', country: 'SG', mcc: '5812', currency: 'SGD', accounts: [emv] };
const ID = 'm_1';

let reads: number;
let onRead: () => Promise<void>;
let here: Deps;
let elsewhere: Deps;
let world: World;

beforeEach(() => {
  reads = 0;
  onRead = async () => {};
  const store = createMemoryStore();
  // Each process has a store of its own over the same items.
  const counted = (): PaymentStore =>
    Object.create(store, {
      getMerchant: {
        value: async (id: string) => {
          reads++;
          const merchant = await store.getMerchant(id);
          await onRead();
          return merchant;
        },
      },
    });
  world = new World(counted());
  here = world.deps;
  elsewhere = { ...here, store: counted() };
});

const nameOf = async (deps: Deps, scheme?: string) => (await findMerchant(deps, ID, scheme))?.name;

test('the profile of a merchant that sells often is read every few seconds', async () => {
  await putMerchant(here, ID, profile);
  reads = 0;

  for (let n = 0; n < 20; n++) await findMerchant(here, ID);
  expect(reads).toBe(1);
  world.clock.advance(LIMITS.merchantCacheMs);
  await findMerchant(here, ID);
  expect(reads).toBe(2);
});

test('what this process changed it sees at once, what another did a few seconds later', async () => {
  await putMerchant(here, ID, profile);
  await Promise.all([findMerchant(here, ID), findMerchant(elsewhere, ID)]);
  await putMerchant(here, ID, { ...profile, name: 'New' });

  expect([await nameOf(here), await nameOf(elsewhere)]).toEqual(['New', 'Shop']);
  world.clock.advance(LIMITS.merchantCacheMs);
  expect(await nameOf(elsewhere)).toBe('New');
});

test('a change that comes while the old profile is being read is not forgotten', async () => {
  await putMerchant(here, ID, profile);
  let change: Promise<unknown> | undefined;
  onRead = async () => {
    onRead = async () => {};
    change = putMerchant(here, ID, { ...profile, name: 'New' });
    await change;
  };

  expect(await nameOf(here)).toBe('Shop');
  await change;

  expect(await nameOf(here)).toBe('New');
});

test('a merchant that was missing is looked for each time', async () => {
  expect(await nameOf(here)).toBeUndefined();
  await putMerchant(elsewhere, ID, profile);

  expect(await nameOf(here)).toBe('Shop');
});

test('an account that is not known is looked for each time', async () => {
  await putMerchant(here, ID, profile);
  await findMerchant(here, ID);
  const pix = { scheme: 'pix', key: 'pix@example.com' };
  await putMerchant(elsewhere, ID, { ...profile, name: 'New', accounts: [emv, pix] });

  expect(await nameOf(here, 'emv')).toBe('Shop');
  expect(await nameOf(here, 'pix')).toBe('New');
});

test('whoever asks for the profile itself gets it as it is', async () => {
  await putMerchant(here, ID, profile);
  await findMerchant(elsewhere, ID);
  await putMerchant(here, ID, { ...profile, name: 'New' });

  expect((await readMerchant(elsewhere, world.caller(ID), ID)).name).toBe('New');
});

test('after a write of which nobody knows whether it happened the store is asked', async () => {
  await putMerchant(here, ID, profile);
  await findMerchant(here, ID);
  const { store } = here;
  const lost = Object.create(store, { putMerchant: { value: () => Promise.reject(new Error('lost')) } });
  reads = 0;

  await expect(putMerchant({ ...here, store: lost }, ID, profile)).rejects.toThrow('lost');
  await findMerchant({ ...here, store: lost }, ID);

  expect(reads).toBe(2);
});

test('of very many merchants only so many are remembered, those read last', async () => {
  await putMerchant(here, ID, profile);
  await findMerchant(here, ID);
  for (let n = 0; n < LIMITS.merchantCacheEntries; n++) await findMerchant(here, `m_other_${n}`);
  reads = 0;

  await findMerchant(here, ID);

  expect(reads).toBe(1);
});

describe('the profiles to start with', () => {
  const seed = { id: ID, profile };

  test('are written where there is none, and nowhere else', async () => {
    await seedMerchants(here, [seed]);
    await putMerchant(here, ID, { ...profile, name: 'Changed since' });
    await seedMerchants(here, [seed]);

    expect((await here.store.getMerchant(ID))?.name).toBe('Changed since');
  });

  test('of two processes that start at once one writes, and a change in between stays', async () => {
    const created: boolean[] = [];
    const racing = (deps: Deps): Deps => {
      const { store } = deps;
      const createMerchant = async (merchant: Parameters<PaymentStore['createMerchant']>[0]) => {
        const done = await store.createMerchant(merchant);
        created.push(done);
        return done;
      };
      return { ...deps, store: Object.create(store, { createMerchant: { value: createMerchant } }) };
    };

    await Promise.all([seedMerchants(racing(here), [seed]), seedMerchants(racing(elsewhere), [seed])]);

    expect(created.sort()).toEqual([false, true]);
  });

  test('that make no QR code are refused', async () => {
    await expect(seedMerchants(here, [{ id: ID, profile: { ...profile, mcc: 'x' } }])).rejects.toMatchObject({
      code: 'invalid-request',
    });
  });
});

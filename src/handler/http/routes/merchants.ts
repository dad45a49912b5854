/** `/v1/merchants/{merchantId}`: what a merchant's QR codes are made of. */

import type { MerchantProfile } from '../../../qr';
import { putMerchant, readMerchant } from '../../app/merchants';
import { presentMerchant } from '../present';
import type { Routes } from '../route';

export const merchantRoutes: Routes = {
  putMerchant: async ({ params, body }, { deps }) => {
    const merchant = await putMerchant(deps, params.merchantId, body as MerchantProfile);
    return { status: 200, body: presentMerchant(merchant) };
  },
  getMerchant: async ({ caller, params }, { deps }) => {
    const merchant = await readMerchant(deps, caller, params.merchantId);
    return { status: 200, body: presentMerchant(merchant) };
  },
};

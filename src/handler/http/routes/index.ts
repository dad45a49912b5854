/** Every operation of the document, by its operationId. */
import type { Routes } from '../route';
import { merchantRoutes } from './merchants';
import { operationRoutes } from './operations';
import { paymentRoutes } from './payments';
import { qrRoutes } from './qr';
import { serviceRoutes } from './service';

export const routes: Routes = {
  ...merchantRoutes,
  ...paymentRoutes,
  ...operationRoutes,
  ...qrRoutes,
  ...serviceRoutes,
};

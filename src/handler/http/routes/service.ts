/** `/health/…` and `/openapi.json`: what asks nobody who they are. */
import { document } from '../openapi';
import type { Route, Routes } from '../route';

const OK = { status: 200, headers: { 'cache-control': 'no-store' }, body: { status: 'ok' } };

/** Written once: it is the largest answer there is, and anybody may ask for it. */
const DOCUMENT = {
  status: 200,
  headers: { 'cache-control': 'public, max-age=300', 'content-type': 'application/json; charset=utf-8' },
  body: Buffer.from(JSON.stringify(document)),
};

const ready: Route = async (_request, { health }) => {
  await health.checkReady();
  return OK;
};

const region: Route = async (_request, { health }) => {
  await health.checkRegion();
  return OK;
};

export const serviceRoutes: Routes = {
  getHealthLive: () => OK,
  getHealthReady: ready,
  getHealthRegion: region,
  getOpenApiDocument: () => DOCUMENT,
};

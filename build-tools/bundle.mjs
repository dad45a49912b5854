// `npx projen bundle`. All of it is in bundle-assets.mjs; only this file knows where the project is.

import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle-assets.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
try {
  for (const line of await bundle({ root })) console.log(line);
} catch (error) {
  console.error(`bundle: ${error.message}`);
  process.exitCode = 1;
}

/**
 * Bugs that somebody could have written, and the test that must notice each. A bug is an edit of the sources: `search` stands there once,
 * and `replace` comes in its place. `node build-tools/planted-bugs.mjs` plants them one by one.
 *
 * @typedef {{file: string, search: string, replace: string}} Edit
 * @typedef {{path: string, name: string}} NamedTest
 * @typedef {{name: string, what: string, edits: Edit[], test: NamedTest}} PlantedBug
 */
import { answers } from './answers.mjs';
import { bank } from './bank.mjs';
import { money } from './money.mjs';
import { store } from './store.mjs';

/** @type {readonly PlantedBug[]} */
export const bugs = [...store, ...bank, ...money, ...answers];

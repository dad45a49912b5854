/** Tests that more than one planted bug is caught by. */

export const simulation = {
  path: 'test/simulation/simulation.test.ts',
  name: 'worlds with faults keep every promise',
};

/** @param {string} name */
export const storeFaults = (name) => ({ path: 'test/handler/app/store-faults.test.ts', name });

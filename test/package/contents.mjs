// What the npm package holds, and nothing besides: pinned by kind of file, with what each kind is for.
import { spawnSync } from 'node:child_process';

const MAX_UNPACKED_BYTES = 6_000_000;
const PEERS = ['aws-cdk-lib', 'constructs'];
/** npm runs these on the machine of whoever installs the package. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare'];

/** Each must be there, and every file must be one of them. */
const KINDS = {
  'what npm reads': /^package\.json$/,
  'what people read': /^(README|API)\.md$/,
  'the licence': /^LICENSE$/,
  'the licences of what is inlined in the handler': /^(NOTICE|assets\/handler\/THIRD-PARTY-LICENSES\.txt)$/,
  'what the other languages are made of': /^\.jsii$/,
  'the examples in the other languages, for Construct Hub': /^\.jsii\.tabl\.json$/,
  'the constructs': /^lib\/(?!handler\/).+\.js$/,
  'their types': /^lib\/(?!handler\/).+\.d\.ts$/,
  'the handler': /^assets\/handler\/(Dockerfile|index\.js)$/,
  "the API's document": /^assets\/openapi\.json$/,
};

/** @returns {{figures: string, faults: string[]}} */
export function checkContents(root, manifest) {
  const { status, stdout, stderr } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status !== 0) return { figures: 'npm pack failed', faults: [stderr] };
  const [{ files, unpackedSize, size }] = JSON.parse(stdout);
  const paths = files.map(({ path }) => path);
  const kinds = Object.entries(KINDS);
  return {
    figures: `${files.length} files, ${unpackedSize} bytes unpacked of ${MAX_UNPACKED_BYTES} allowed, ${size} packed`,
    faults: [
      ...paths.filter((path) => !kinds.some(([, kind]) => kind.test(path))).map((path) => `${path} must not ship`),
      ...kinds.filter(([, kind]) => !paths.some((path) => kind.test(path))).map(([what]) => `${what} does not ship`),
      ...(unpackedSize > MAX_UNPACKED_BYTES ? [`the package is ${unpackedSize} bytes unpacked`] : []),
      ...checkManifest(manifest),
    ],
  };
}

function checkManifest(manifest) {
  const scripts = INSTALL_SCRIPTS.filter((name) => manifest.scripts?.[name] !== undefined);
  const dependencies = ['dependencies', 'optionalDependencies', 'bundledDependencies', 'bundleDependencies'].flatMap(
    (field) => names(manifest[field]).map((name) => `${field} has ${name}; the package brings nothing along`),
  );
  const peers = names(manifest.peerDependencies).sort();
  return [
    ...scripts.map((name) => `the script ${name} would run at installation`),
    ...dependencies,
    ...(peers.join() === PEERS.join() ? [] : [`peers are ${peers.join(', ')}; allowed: ${PEERS.join(', ')}`]),
  ];
}

function names(field = {}) {
  return Array.isArray(field) ? field : Object.keys(field);
}

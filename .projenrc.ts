import { awscdk, javascript, release } from 'projen';
import { biome_config } from 'projen/lib/javascript';

/** The lowest aws-cdk-lib that has everything used here and whose cloud assembly integ-runner still reads. */
const CDK_FLOOR = '2.257.0';
/** What Node 20 has; `isWellFormed` is of es2024. */
const HANDLER_LIB = ['es2023', 'es2024.string'];
const REPOSITORY = 'https://github.com/cdk-qr-payments/cdk-qr-payments';

const project = new awscdk.AwsCdkConstructLibrary({
  name: 'cdk-qr-payments',
  description: 'AWS CDK constructs for QR payments in your own account: API, payment service and two-Region failover.',
  keywords: ['aws', 'cdk', 'aws-cdk', 'awscdk', 'payments', 'qr', 'qr-code', 'emvco', 'fargate', 'multi-region'],
  author: 'cdk-qr-payments maintainers',
  authorAddress: 'https://github.com/cdk-qr-payments',
  authorOrganization: true,
  repositoryUrl: `${REPOSITORY}.git`,
  license: 'Apache-2.0',
  stability: 'experimental',
  defaultReleaseBranch: 'main',
  sampleCode: false,
  projenrcTs: true,
  packageManager: javascript.NodePackageManager.NPM,

  cdkVersion: CDK_FLOOR,
  constructsVersion: '10.5.1',
  jsiiVersion: '~6.0.0',
  typescriptVersion: '~6.0.3', // 7 has no JavaScript API, which jsii and ts-node need
  minNodeVersion: '20.19.0',
  workflowNodeVersion: '22.x',

  publishToPypi: { distName: 'cdk-qr-payments', module: 'cdk_qr_payments', trustedPublishing: true },
  publishToMaven: {
    javaPackage: 'io.github.cdkqrpayments',
    mavenGroupId: 'io.github.cdk-qr-payments',
    mavenArtifactId: 'cdk-qr-payments',
    mavenServerId: 'central-ossrh',
  },
  publishToGo: { moduleName: 'github.com/cdk-qr-payments/cdk-qr-payments-go', packageName: 'qrpayments' },
  publishToNuget: { dotNetNamespace: 'CdkQrPayments', packageId: 'CdkQrPayments', trustedPublishing: true },
  releaseToNpm: true,
  npmTrustedPublishing: true,
  releaseTrigger: release.ReleaseTrigger.workflowDispatch(),
  bumpPackage: 'commit-and-tag-version@^12', // 13 needs Node 22
  buildWorkflowOptions: { mutableBuild: false },
  githubOptions: { mergify: false },
  depsUpgradeOptions: { workflowOptions: { schedule: javascript.UpgradeDependenciesSchedule.WEEKLY } },

  // The handler is a program of its own: bundled by esbuild, never compiled by jsii, its dependencies inlined.
  excludeTypescript: ['src/handler/**'],
  lambdaAutoDiscover: false,
  edgeLambdaAutoDiscover: false,
  singletonLambdaAutoDiscover: false,
  lambdaExtensionAutoDiscover: false,
  integrationTestAutoDiscover: false,

  eslint: false,
  biome: true,
  biomeOptions: {
    version: '2.5.15', // newer ones lack a platform package in some registries, and `npm ci` then refuses the lock file
    biomeConfig: {
      files: { includes: ['src/**/*.ts', 'test/**/*.ts', 'integ/*.ts', 'build-tools/**/*.mjs', '.projenrc.ts'] },
      formatter: { lineWidth: 120, indentStyle: biome_config.IndentStyle.SPACE },
      javascript: { formatter: { quoteStyle: biome_config.QuoteStyle.SINGLE } },
      linter: { rules: { style: { noNonNullAssertion: 'off' } } },
    },
  },

  devDeps: [
    // infrastructure tests
    '@aws-cdk/integ-runner@^2.197.10',
    '@aws-cdk/integ-tests-alpha@2.245.0-alpha.0', // the newest there is; accepts the floor
    // build
    '@swc/core@1.16.18', // pinned for the same reason as biome
    '@swc/jest@^0.2.39',
    'yaml@^2',
    // inlined into the handler bundle
    'fastify@^5',
    'ajv@^8',
    'undici@^7', // 8 needs Node 22
    'qrcode@^1.5.4',
    'safe-stable-stringify@^2',
    '@redis/client@^6',
    '@aws-sdk/credential-provider-env@^3',
    '@aws-sdk/credential-provider-http@^3',
    '@types/qrcode@^1.5.6',
    // what auditors run over the templates
    'cdk-nag@^3',
    // AWS's own, which ours is held against
    '@smithy/signature-v4@^5',
    '@aws-crypto/sha256-js@^5',
    '@aws-sdk/util-dynamodb@^3',
    // tests of the handler
    'selfsigned@^5',
    'dynalite@^4',
    'fast-check@^4',
    'jsqr@^1.4.0',
    'pngjs@^7',
    '@types/pngjs@^6',
    // other people's readers of QR payloads, to disagree with ours in test/qr/oracles.test.ts
    'pix-utils@^2.8.2',
    'promptparse@^1.6.0',
    'ts-khqr@^2.2.3',
  ],

  jestOptions: {
    updateSnapshot: javascript.UpdateSnapshot.NEVER, // an unreviewed snapshot hides drift
    jestConfig: {
      setupFiles: ['<rootDir>/test/jest.setup.js'],
      transformIgnorePatterns: ['/node_modules/(?!(cookie)/)'], // ESM only
      collectCoverage: false,
      testTimeout: 20_000, // some tests start processes, on machines that do other things too
    },
  },
  tsconfigDev: { compilerOptions: { lib: HANDLER_LIB }, include: ['../integ/**/*.ts'] },
  gitignore: ['.jsii.tabl.json', 'cdk.out', '/integ/*.snapshot/asset.*', '/tmp/'],
});

// npm's newest unrs-resolver (of jest-resolve) lacks platform packages; see the pins above.
project.package.addPackageResolutions('unrs-resolver@1.12.2');

// jest never type-checks (swc); `typecheck` does, once.
project.deps.removeDependency('ts-jest');
project.jest!.config.preset = undefined;
project.jest!.config.transform = {
  '^.+\\.([cm]?[tj]s)x?$': [
    '@swc/jest',
    { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
  ],
};

new javascript.TypescriptConfig(project, {
  fileName: 'src/handler/tsconfig.json',
  include: ['**/*.ts'],
  compilerOptions: {
    target: 'ES2022',
    lib: HANDLER_LIB,
    module: 'esnext',
    moduleResolution: javascript.TypeScriptModuleResolution.BUNDLER,
    resolveJsonModule: true,
    esModuleInterop: true,
    strict: true,
    noImplicitOverride: true,
    noUnusedLocals: true,
    noUnusedParameters: true,
    skipLibCheck: true,
    noEmit: true,
    types: ['node'],
  },
});

project.bundler.bundleTask.exec('node build-tools/bundle.mjs');
// One command, every lane: see the table in build-tools/lanes.mjs.
project.testTask.reset('node build-tools/lanes.mjs', { receiveArgs: true });
project.postCompileTask.exec('jsii-rosetta extract --strict'); // README examples must compile
project.packageTask.reset(); // package-all needs every language's tools; a build here needs Node only
project.packageTask.spawn(project.tasks.tryFind('package:js')!);
project.addTask('start', {
  description: 'Run the handler here, with a first payment to try it on',
  steps: [{ spawn: 'bundle' }, { exec: 'node assets/demo/index.js', receiveArgs: true }],
});
project.addTask('consumers', {
  description: 'Build every package, and compare the templates of apps in every language',
  steps: [{ exec: 'node test/consumers/run.mjs', receiveArgs: true }],
});
project.addTask('cost', {
  description: 'Write docs/cost.md anew from the templates and the price list of test/cost',
  steps: [{ exec: 'UPDATE_COST=1 jest test/cost' }],
});
project.addTask('simulate', {
  description: 'Many small worlds with faults at every await; --seed N replays one. See test/simulation',
  steps: [{ exec: 'node test/simulation/run.mjs', receiveArgs: true }],
});
project.addTask('chaos', {
  description: 'Real processes under kill -9 and a bank that loses answers; --seconds N for longer. See test/chaos',
  steps: [{ spawn: 'bundle' }, { exec: 'node test/chaos/run.mjs', receiveArgs: true }],
});
project.addTask('planted-bugs', {
  description: 'Bugs planted one by one into a copy, each caught by the test that is named with it',
  steps: [{ exec: 'node build-tools/planted-bugs.mjs', receiveArgs: true }],
});
project.addTask('bench', {
  description: 'Speed against floors measured in the same run; see test/bench/README.md',
  steps: [{ exec: 'node test/bench/run.mjs', receiveArgs: true }],
});
for (const path of [
  '/tmp/',
  '/CONTRIBUTING.md',
  '/assets/demo/',
  '/docs/',
  '/integ/',
  '/build-tools/',
  '/rosetta/',
  '/.ci/',
  '/biome.jsonc',
  '/integ.config.json',
  '/projenrc/',
]) {
  project.addPackageIgnore(path);
}

project.synth();

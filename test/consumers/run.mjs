// Builds the package of each language, installs it beside apps of that language, synthesizes them, and compares the templates
// with those of the TypeScript apps; and sees that a bad prop is refused in the same words. Needs lib/ and .jsii. Works in tmp/consumers;
// run it as
//
//   node test/consumers/run.mjs [typescript] [python] [java] [go]
//
// for these languages, or for all. It prints a line for each language and app: `<language> <app> <sha256 of the templates>`.
// Kept from run to run: what came from PyPI, Maven Central and Go's proxy. Made anew each time: everything of this package's own.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { installNpmPackage, LANGUAGES, PACKAGE, WORK } from './languages.mjs';
import { fresh, StepError } from './steps.mjs';
import { firstDifference, sorted } from './templates.mjs';

/** Each app, its stacks, and what their templates must hold to be worth comparing. */
const SERVICE = ['AWS::DynamoDB::GlobalTable', 'AWS::ECS::Service', 'AWS::ApiGateway::RestApi'];
const APPS = {
  'single-region': { stacks: ['Payments'], resources: SERVICE },
  'two-regions': {
    stacks: ['Payments-us-east-1', 'Payments-us-west-2'],
    resources: [...SERVICE, 'AWS::ApiGateway::DomainName', 'AWS::Route53::RecordSet'],
  },
};
/** An app that must not synthesize, and the code in what it says. */
const BAD_APP = 'bad-input';
const REFUSAL = /Payments\/Api: .+ \[allow-from-empty\]/;
const HANDLER_FILES = ['Dockerfile', 'index.js'];

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error(`consumers: ${error.message}`);
  process.exitCode = 1;
} finally {
  // jsii-docgen would take an unpacked package, were it left lying about, for the one it is to describe.
  rmSync(PACKAGE, { recursive: true, force: true });
}

function main(named) {
  const unknown = named.filter((name) => !Object.hasOwn(LANGUAGES, name));
  if (unknown.length > 0) {
    throw new Error(`unknown language ${unknown.join(', ')}; allowed: ${Object.keys(LANGUAGES).join(', ')}`);
  }
  const wanted = named.length > 0 ? named : Object.keys(LANGUAGES);
  installNpmPackage();
  const expected = results('typescript');
  for (const language of wanted) {
    LANGUAGES[language].check?.();
    const actual = language === 'typescript' ? expected : results(language);
    for (const app of Object.keys(APPS)) {
      const difference = firstDifference(expected.templates[app], actual.templates[app]);
      if (difference) throw new Error(`the ${language} templates of ${app} are not TypeScript's: ${difference}`);
      console.log(`${language} ${app} ${createHash('sha256').update(sorted(actual.templates[app])).digest('hex')}`);
    }
    if (actual.refusal !== expected.refusal) {
      throw new Error(`${language} says of a bad prop: ${actual.refusal}\nand TypeScript: ${expected.refusal}`);
    }
    console.log(`${language} ${BAD_APP} ${actual.refusal}`);
  }
}

function results(language) {
  LANGUAGES[language].install();
  const templates = Object.fromEntries(Object.keys(APPS).map((app) => [app, synthesize(language, app)]));
  return { templates, refusal: refusal(language) };
}

/** The templates of an app, by stack. */
function synthesize(language, app) {
  const output = fresh(join(WORK, language, 'cdk.out', app));
  LANGUAGES[language].run(app, output);
  const { stacks, resources } = APPS[app];
  const made = readdirSync(output).filter((name) => name.endsWith('.template.json'));
  if (made.length !== stacks.length) {
    throw new Error(`the ${language} app ${app} wrote ${made.join(', ') || 'nothing'}; allowed: ${stacks.join(', ')}`);
  }
  return Object.fromEntries(
    stacks.map((stack) => {
      const where = { name: `${language} stack ${stack} of ${app}`, output, stack };
      const template = readJson(where, `${stack}.template.json`);
      checkResources(where, template, resources);
      checkHandlerAsset(where, template);
      return [stack, template];
    }),
  );
}

/** What an app of this language is told whose props are bad. */
function refusal(language) {
  try {
    LANGUAGES[language].run(BAD_APP, fresh(join(WORK, language, 'cdk.out', BAD_APP)));
  } catch (error) {
    const [message] = (error instanceof StepError && REFUSAL.exec(error.output)) || [];
    if (message === undefined) throw error;
    return message;
  }
  throw new Error(`the ${language} app ${BAD_APP} synthesized`);
}

function checkResources({ name }, { Resources }, needed) {
  const types = new Set(Object.values(Resources).map(({ Type }) => Type));
  const missing = needed.filter((type) => !types.has(type));
  if (missing.length > 0) throw new Error(`the ${name} lacks ${missing.join(', ')}`);
}

/** The one image of the template is made of the very handler that the npm package holds. */
function checkHandlerAsset(where, template) {
  const images = Object.entries(readJson(where, `${where.stack}.assets.json`).dockerImages);
  if (images.length !== 1) throw new Error(`the ${where.name} has ${images.length} image assets; allowed: 1`);
  const [hash, { source }] = images[0];
  if (!sorted(template).includes(hash)) throw new Error(`the ${where.name} does not use its image asset ${hash}`);
  for (const file of HANDLER_FILES) {
    const path = join(where.output, source.directory, file);
    if (!existsSync(path)) throw new Error(`the ${where.name} staged no ${file} of the handler: ${path}`);
    const shipped = readFileSync(join(PACKAGE, 'assets', 'handler', file));
    if (!shipped.equals(readFileSync(path))) throw new Error(`the ${where.name} staged another ${file}: ${path}`);
  }
}

function readJson({ name, output }, file) {
  const path = join(output, file);
  if (!existsSync(path)) throw new Error(`the ${name} wrote no ${path}`);
  return JSON.parse(readFileSync(path, 'utf8'));
}

/**
 * As much of a browser as the demo page's script needs, over the elements that page.html really has. HTML is never parsed:
 * an assignment of markup fails, so that what comes from the API can only become text.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(__dirname, '..', '..', '..', 'src', 'handler', 'demo');
const markup = readFileSync(join(folder, 'page.html'), 'utf8');
export const scriptText = readFileSync(join(folder, 'script.html'), 'utf8').replace(
  /^<script[^>]*>|<\/script>\s*$/g,
  '',
);

export class FakeElement {
  readonly dataset: Record<string, string | undefined> = {};
  readonly style: Record<string, string> = {};
  readonly attributes: Record<string, string> = {};
  readonly classes: Set<string>;
  readonly classList = {
    toggle: (name: string, on: boolean) => (on ? this.classes.add(name) : this.classes.delete(name)),
    contains: (name: string) => this.classes.has(name),
  };
  children: readonly FakeElement[] = [];
  textContent = '';
  hidden: boolean;
  disabled = false;
  src = '';
  #listeners: (() => void)[] = [];

  constructor(attributes = '') {
    for (const [, name, value] of attributes.matchAll(/data-(\w+)="([^"]*)"/g)) this.dataset[name!] = value!;
    this.classes = new Set(/class="([^"]*)"/.exec(attributes)?.[1]?.split(' '));
    this.hidden = /\shidden\b/.test(attributes);
  }

  set innerHTML(_: string) {
    throw new Error('markup was assigned');
  }

  get text(): string {
    return this.children.length > 0 ? this.children.map(({ text }) => text).join(' ') : this.textContent;
  }

  setAttribute(name: string, value: string) {
    this.attributes[name] = value;
  }

  toggleAttribute(_: 'hidden', on: boolean) {
    this.hidden = on;
  }

  append(...children: FakeElement[]) {
    this.children = [...this.children, ...children];
  }

  replaceChildren(...children: FakeElement[]) {
    this.children = children;
  }

  addEventListener(_: string, listener: () => void) {
    this.#listeners.push(listener);
  }

  focus() {}

  click() {
    if (!this.disabled && !this.hidden) for (const listener of this.#listeners) listener();
  }
}

export interface FakeBrowser {
  readonly body: FakeElement;
  readonly location: { readonly pathname: string; assigned?: string };
  view(name: string): FakeElement;
  button(action: string): FakeElement;
}

/** Opens the page at a path. What it asks of the network goes through `fetch`. */
export function openPage(
  pathname: string,
  fetch: (path: string, init?: RequestInit) => Promise<Response>,
): FakeBrowser {
  const elements = [...markup.matchAll(/<\w+((?:\s[^<>]*)?)>/g)].map(([, attributes]) => new FakeElement(attributes));
  const all = (key: 'view' | 'action') => elements.filter(({ dataset }) => dataset[key] !== undefined);
  const find = (key: 'view' | 'action', name: string) => {
    const found = all(key).find(({ dataset }) => dataset[key] === name);
    if (found === undefined) throw new Error(`page.html has no data-${key}="${name}"`);
    return found;
  };
  const location = {
    pathname,
    assigned: undefined as string | undefined,
    assign(path: string) {
      this.assigned = path;
    },
  };
  const body = new FakeElement();
  const document = {
    body,
    title: '',
    activeElement: undefined,
    querySelectorAll: (selector: string) => all(selector === '[data-view]' ? 'view' : 'action'),
    createElement: () => new FakeElement(),
  };
  const globals = {
    document,
    location,
    fetch,
    devicePixelRatio: 1,
    addEventListener: () => {},
    setInterval: () => {},
    setTimeout: (run: () => void, ms: number) => setTimeout(run, ms).unref(),
  };
  const run = new Function(...Object.keys(globals), `return (async () => {${scriptText}\n})();`);
  const ended: Promise<void> = run(...Object.values(globals));
  ended.catch((error) => {
    body.dataset.crash = String(error);
  });
  return { body, location, view: (name) => find('view', name), button: (action) => find('action', action) };
}

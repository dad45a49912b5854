import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Fastify from 'fastify';

import { addPageRoutes, buildPage } from '../../../src/handler/demo/page';

const folder = join(__dirname, '..', '..', '..', 'src', 'handler', 'demo');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const parts = { markup: read('page.html'), style: read('style.html'), script: read('script.html') };

function appWith(payments: readonly { id: string }[]) {
  const app = Fastify();
  app.get('/v1/payments', async () => ({ data: payments }));
  addPageRoutes(app, buildPage(parts));
  return app;
}

describe('buildPage', () => {
  const { html, contentSecurityPolicy } = buildPage(parts);

  test('has one style and one script, and the policy allows exactly these', () => {
    for (const element of ['style', 'script']) {
      const contents = [...html.matchAll(new RegExp(`<${element}[^>]*>(.*?)</${element}>`, 'gs'))].map(
        ([, content]) => content!,
      );
      expect(contents).toHaveLength(1);
      const hash = createHash('sha256').update(contents[0]!).digest('base64');
      expect(contentSecurityPolicy).toContain(`${element}-src 'sha256-${hash}'`);
    }
  });

  test('the policy forbids everything else', () => {
    expect(contentSecurityPolicy).toContain("default-src 'none'");
    expect(contentSecurityPolicy).toContain("frame-ancestors 'none'");
    expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|https?:/);
  });

  test('loads nothing from anywhere else, and has no inline handler or style that the policy would refuse', () => {
    const markup = html.replace("xmlns='http://www.w3.org/2000/svg'", '');

    expect(markup).not.toMatch(/https?:\/\//);
    expect(parts.markup).not.toMatch(/\s(?:on\w+|style)=/);
  });

  test('a script with replacement patterns comes through as it is', () => {
    const script = "<script>const a = '$& $1 $$';</script>";

    expect(buildPage({ ...parts, script }).html).toContain(script);
  });

  test('refuses parts that it would build a broken page from', () => {
    expect(() => buildPage({ ...parts, markup: '<p>' })).toThrow('needs <!--style--> exactly once');
    expect(() => buildPage({ ...parts, style: 'p {}' })).toThrow('must be one <style> element');
  });
});

describe('addPageRoutes', () => {
  test.each(['/', '/demo'])('%s leads to the newest payment', async (path) => {
    const reply = await appWith([{ id: 'pay_newest' }, { id: 'pay_older' }]).inject(path);

    expect([reply.statusCode, reply.headers.location]).toEqual([302, '/demo/pay_newest']);
    expect(reply.headers['cache-control']).toBe('no-store'); // tomorrow's newest is another one
  });

  test('without a payment there is nowhere to lead to', async () => {
    expect((await appWith([]).inject('/demo')).statusCode).toBe(404);
  });

  test('the page is the same for every id, so that nothing of a request can be in it', async () => {
    const app = appWith([]);

    const reply = await app.inject('/demo/pay_1');
    const hostile = await app.inject(`/demo/${encodeURIComponent('"><script>alert(1)</script>')}`);

    expect(reply.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(reply.headers['content-security-policy']).toBe(buildPage(parts).contentSecurityPolicy);
    expect(hostile.body).toBe(reply.body);
  });
});

/**
 * The demo page, `GET /demo/{paymentId}`: one static document that talks to the API from the browser.
 *
 * Nothing of a payment is ever written into it, so there is nothing to escape; and its policy allows exactly the one style
 * and the one script that are in it.
 */
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';

export interface PageParts {
  /** The document, with the two places for the parts below. */
  readonly markup: string;
  /** One `<style>` element. */
  readonly style: string;
  /** One `<script>` element. */
  readonly script: string;
}

export interface Page {
  readonly html: string;
  readonly contentSecurityPolicy: string;
}

const STYLE_PLACE = '<!--style-->';
const SCRIPT_PLACE = '<!--script-->';

export function buildPage({ markup, style, script }: PageParts): Page {
  const html = put(put(markup, STYLE_PLACE, style), SCRIPT_PLACE, script);
  const policy = {
    'default-src': "'none'",
    'script-src': hashOf(script, 'script'),
    'style-src': hashOf(style, 'style'),
    'img-src': "'self' data:", // the code, and the icon in the page itself
    'connect-src': "'self'",
    'base-uri': "'none'",
    'form-action': "'none'",
    'frame-ancestors': "'none'",
  };
  const contentSecurityPolicy = Object.entries(policy).map((directive) => directive.join(' '));
  return { html, contentSecurityPolicy: contentSecurityPolicy.join('; ') };
}

/** A function as replacement, since `$` in a script would mean something. */
function put(markup: string, place: string, part: string): string {
  if (markup.split(place).length !== 2) throw new Error(`the page needs ${place} exactly once`);
  return markup.replace(place, () => part.trim());
}

function hashOf(part: string, element: string): string {
  const content = new RegExp(`^<${element}[^>]*>(.*)</${element}>$`, 's').exec(part.trim())?.[1];
  if (content === undefined) throw new Error(`the part must be one <${element}> element`);
  return `'sha256-${createHash('sha256').update(content).digest('base64')}'`;
}

/** `/` and `/demo` lead to the newest payment. */
export function addPageRoutes(app: FastifyInstance, page: Page): void {
  const toNewest = async (_: unknown, reply: FastifyReply) => {
    const { data } = (await app.inject('/v1/payments?limit=1')).json<{ data: readonly { id: string }[] }>();
    const newest = data[0];
    reply.header('cache-control', 'no-store');
    if (newest === undefined) return reply.code(404).type('text/plain').send('There is no payment yet.\n');
    return reply.redirect(`/demo/${newest.id}`, 302);
  };
  app.get('/', toNewest);
  app.get('/demo', toNewest);
  app.get('/demo/:paymentId', (_, reply) =>
    reply
      .headers({
        'cache-control': 'no-store',
        'content-security-policy': page.contentSecurityPolicy,
        'referrer-policy': 'no-referrer',
      })
      .type('text/html; charset=utf-8')
      .send(page.html),
  );
}

// Holds the OpenAPI document inside the subset that API Gateway imports, and to the rules of this project. The bundle step fails
// on any problem. A rule is an entry in one of the two tables: the kind of object it is about, and a check that gives what is
// wrong with one of these, as a string or strings; nothing and `false` mean that it is right.

import { walk } from './openapi-document.mjs';
import { GATEWAY_RULES } from './openapi-gateway-rules.mjs';
import { HOUSE_RULES } from './openapi-house-rules.mjs';

const RULES = [...GATEWAY_RULES, ...HOUSE_RULES];

/** Problems in plain words, each after the JSON pointer of its place. Empty means that the document is right. */
export function lintOpenApi(document) {
  const problems = [];
  for (const place of walk(document)) {
    for (const rule of RULES.filter(({ on }) => on === '*' || on === place.kind)) {
      if (rule.on !== '*' && '$ref' in place.node) continue;
      for (const found of [rule.check({ ...place, document })].flat()) {
        if (found) problems.push(found.startsWith('/') ? found : `${place.pointer || '/'}: ${found}`);
      }
    }
  }
  return [...new Set(problems)];
}

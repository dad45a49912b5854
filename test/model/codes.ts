/** Keeps the parts that states are made of, each once and under one character, so that a state's key is short. */

export type Coded<Part> = Part & { readonly code: string };

/** Above the characters that keys are punctuated with. */
const FIRST_CODE = 0x100;
const LAST_CODE = 0xffff;

export class Catalogue<Part extends object> {
  private readonly parts = new Map<string, Coded<Part>>();

  /** @param textOf equal exactly for equal parts */
  constructor(private readonly textOf: (part: Part) => string) {}

  /** @returns the same object for equal parts */
  enter(part: Part): Coded<Part> {
    const text = this.textOf(part);
    const known = this.parts.get(text);
    if (known !== undefined) return known;
    const next = FIRST_CODE + this.parts.size;
    if (next > LAST_CODE) throw new Error('the model has more parts than there are characters');
    const entered = { ...part, code: String.fromCharCode(next) };
    this.parts.set(text, entered);
    return entered;
  }
}

/** In one order, whichever way a state was reached. */
export function sorted<Part extends { readonly code: string }>(parts: readonly Part[]): readonly Part[] {
  return parts.length < 2 ? parts : [...parts].sort((one, two) => (one.code < two.code ? -1 : 1));
}

export function codesOf(parts: readonly { readonly code: string }[]): string {
  let codes = '';
  for (const { code } of parts) codes += code;
  return codes;
}

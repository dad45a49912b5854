// International bank account numbers (ISO 13616) and structured creditor references (ISO 11649): both carry ISO 7064
// mod 97-10.

/** Country, two check digits, 11 to 30 characters, upper case and without spaces. */
export function isIban(text: string): boolean {
  return /^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/.test(text) && mod97(text) === 1;
}

/** RF, two check digits, 1 to 21 characters. */
export function isCreditorReference(text: string): boolean {
  return /^RF[0-9]{2}[A-Za-z0-9]{1,21}$/.test(text) && mod97(text.toUpperCase()) === 1;
}

/** Of the text with its first four characters moved to the end, letters counting from A = 10. */
function mod97(text: string): number {
  let remainder = 0;
  for (const character of text.slice(4) + text.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder;
}

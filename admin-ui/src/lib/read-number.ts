const DECIMALS = 3;

/**
 * The number that somebody typed: `12.5`, `12,5 %`, `１２％`. Null for anything else, for what is out of range, and for
 * more decimals than are kept: it is said, not made to fit.
 */
export function readNumber(text: string, min: number, max: number): number | null {
  const plain = text
    .normalize('NFKC')
    .trim()
    .replace(/\s*%$/, '')
    .replace(/^([^.,]*),([^.,]*)$/, '$1.$2');
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(plain)) return null;
  const value = Number(plain);
  const kept = Number(value.toFixed(DECIMALS));
  return value >= min && value <= max && kept === value ? kept : null;
}

/**
 * Initial values of a BPF object's global variables.
 *
 * @module
 */

/** A value for a global variable; bytes for arrays and structs. */
export type ConstantValue = number | bigint | boolean | Uint8Array;

/**
 * Writes the value of a variable into the initial bytes of its section: an integer in little-endian order, or bytes,
 * padded with zeros to the size of the variable.
 *
 * @throws {TypeError} the value does not fit
 */
export function writeConstant(
  section: Uint8Array,
  variable: { readonly name: string; readonly offset: number; readonly size: number },
  value: ConstantValue,
): void {
  const { name, offset, size } = variable;
  const place = section.subarray(offset, offset + size);
  if (value instanceof Uint8Array) {
    if (value.length > size) throw new TypeError(`${name} holds ${size} bytes, not ${value.length}`);
    place.fill(0).set(value);
    return;
  }
  if (size > 8) throw new TypeError(`${name} is not an integer: give ${size} bytes`);
  if (typeof value === "number" && !Number.isSafeInteger(value)) {
    throw new TypeError(`${name} cannot be ${value}`);
  }
  let rest = BigInt(value);
  const bits = BigInt(8 * size);
  if (rest >= 1n << bits || rest < -(1n << bits - 1n)) {
    throw new TypeError(`${name} of ${size} bytes cannot be ${value}`);
  }
  for (let index = 0; index < size; index++) {
    place[index] = Number(rest & 0xffn);
    rest >>= 8n;
  }
}

/**
 * The functions of a native library, each bound on first use: Deno compiles a call stub for every function that
 * Deno.dlopen is given, which takes 0.2 ms and a page of memory each (Deno 2.4.2).
 *
 * @module
 */

/** Functions of a native library by name. */
export type Functions<S extends Deno.ForeignLibraryInterface> = Deno.DynamicLibrary<S>["symbols"];

/** Checks that a library opens and has these symbols. Throws what Deno throws. */
export function openWithSymbols(path: string, symbols: Deno.ForeignLibraryInterface): void {
  // Declared as data, symbols are looked up without a stub.
  const addresses = Object.entries(symbols).map(([name, symbol]) =>
    [name, { name: symbol.name ?? name, type: "pointer" }] as const
  );
  Deno.dlopen(path, Object.fromEntries(addresses));
}

/**
 * Binds the functions of an open library: in the compiled program on first use, from source all at once, so that Deno's tests
 * see libraries opened where they are first used.
 */
export function bindSymbols<S extends Deno.ForeignLibraryInterface>(
  library: string,
  symbols: S,
): Functions<S> {
  return Deno.build.standalone ? lazySymbols(library, symbols) : Deno.dlopen(library, symbols).symbols;
}

/**
 * The functions of a library. A function that the library does not have throws on first use.
 *
 * @param library A path or a SONAME. It is opened again for each function: the dynamic loader returns the loaded library, also
 *   by its SONAME.
 */
export function lazySymbols<S extends Deno.ForeignLibraryInterface>(
  library: string,
  symbols: S,
): Functions<S> {
  const functions = {};
  for (const [name, symbol] of Object.entries(symbols)) {
    const bind = (): unknown => {
      const value = Deno.dlopen(library, { [name]: symbol }).symbols[name];
      Object.defineProperty(functions, name, { value });
      return value;
    };
    Object.defineProperty(functions, name, { get: bind, configurable: true, enumerable: true });
  }
  return functions as Functions<S>;
}

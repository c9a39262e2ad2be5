/**
 * The C types of the two symbol tables, in the terms of Deno's FFI. Pointers to different structs are different
 * types, so that TypeScript rejects a map where C expects a program.
 *
 * @module
 */

/** A non-null pointer to an opaque C struct. */
export type Pointer<Struct extends string> = Deno.PointerObject<Struct>;

/** The C types, by their names in C; the `*` is omitted if only pointers to the struct exist. */
export const c = {
  void: "void",
  bool: "bool",
  int: "i32",
  unsigned: "u32",
  enum: "u32",
  long: "i64",
  unsigned_long: "u64",
  size_t: "usize",
  ssize_t: "i64",
  off_t: "i64",
  __s32: "i32",
  __u32: "u32",
  __u64: "u64",
  /** `const char *`, passed as the NUL-terminated bytes that `cString()` returns. */
  string: "buffer",
  /** Any pointer to memory of JavaScript: keys, values, counts, and the structs that `struct()` makes. */
  buffer: "buffer",
  /** `void *` or `const char *` to memory of C. */
  pointer: "pointer",
  function: "function",
  bpf_object: "pointer" as Deno.NativeTypedPointer<Pointer<"bpf_object">>,
  bpf_program: "pointer" as Deno.NativeTypedPointer<Pointer<"bpf_program">>,
  bpf_map: "pointer" as Deno.NativeTypedPointer<Pointer<"bpf_map">>,
  bpf_link: "pointer" as Deno.NativeTypedPointer<Pointer<"bpf_link">>,
  btf: "pointer" as Deno.NativeTypedPointer<Pointer<"btf">>,
} as const;

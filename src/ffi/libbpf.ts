/**
 * libbpf's functions that ktop calls. Struct pointers that libbpf owns are handles; numbers are checked with
 * errnoName, NULL results with {@linkcode Libbpf.error} at once.
 *
 * @module
 */
import { openLibraries } from "./libraries.ts";

/** A pointer to an object of libbpf: `struct bpf_object *`, `bpf_program *`, `bpf_map *`, `bpf_link *`, `btf *`. */
export type Handle = Deno.PointerObject;

const symbols = {
  // long libbpf_get_error(const void *ptr): -errno of the last call that returned NULL
  libbpf_get_error: { parameters: ["pointer"], result: "i64" },
  // libbpf_print_fn_t libbpf_set_print(libbpf_print_fn_t fn)
  libbpf_set_print: { parameters: ["function"], result: "pointer" },
  // int libbpf_find_vmlinux_btf_id(const char *name, enum bpf_attach_type attach_type)
  libbpf_find_vmlinux_btf_id: { parameters: ["buffer", "i32"], result: "i32", nonblocking: true },

  // struct bpf_object *bpf_object__open_mem(const void *buf, size_t size, const struct bpf_object_open_opts *opts)
  bpf_object__open_mem: { parameters: ["buffer", "usize", "buffer"], result: "pointer" },
  // int bpf_object__load(struct bpf_object *obj)
  bpf_object__load: { parameters: ["pointer"], result: "i32", nonblocking: true },
  // void bpf_object__close(struct bpf_object *obj)
  bpf_object__close: { parameters: ["pointer"], result: "void" },
  // struct btf *bpf_object__btf(const struct bpf_object *obj)
  bpf_object__btf: { parameters: ["pointer"], result: "pointer" },
  // struct btf *btf__load_vmlinux_btf(void)
  btf__load_vmlinux_btf: { parameters: [], result: "pointer" },
  btf__load_vmlinux_btf_away: {
    name: "btf__load_vmlinux_btf",
    parameters: [],
    result: "pointer",
    nonblocking: true,
  },
  // struct btf *btf__load_module_btf(const char *module_name, struct btf *vmlinux_btf)
  btf__load_module_btf: { parameters: ["buffer", "pointer"], result: "pointer" },
  // __s32 btf__find_by_name_kind(const struct btf *btf, const char *type_name, __u32 kind)
  btf__find_by_name_kind: { parameters: ["pointer", "buffer", "u32"], result: "i32" },
  // const struct btf_type *btf__type_by_id(const struct btf *btf, __u32 id)
  btf__type_by_id: { parameters: ["pointer", "u32"], result: "pointer" },
  // const char *btf__name_by_offset(const struct btf *btf, __u32 offset)
  btf__name_by_offset: { parameters: ["pointer", "u32"], result: "pointer" },
  // void btf__free(struct btf *btf)
  btf__free: { parameters: ["pointer"], result: "void" },
  // const void *btf__raw_data(const struct btf *btf, __u32 *size)
  btf__raw_data: { parameters: ["pointer", "buffer"], result: "pointer" },

  // struct bpf_program *bpf_object__next_program(const struct bpf_object *obj, struct bpf_program *prog)
  bpf_object__next_program: { parameters: ["pointer", "pointer"], result: "pointer" },
  // const char *bpf_program__name(const struct bpf_program *prog)
  bpf_program__name: { parameters: ["pointer"], result: "pointer" },
  // const char *bpf_program__section_name(const struct bpf_program *prog)
  bpf_program__section_name: { parameters: ["pointer"], result: "pointer" },
  // int bpf_program__set_autoload(struct bpf_program *prog, bool autoload)
  bpf_program__set_autoload: { parameters: ["pointer", "bool"], result: "i32" },
  // int bpf_program__fd(const struct bpf_program *prog)
  bpf_program__fd: { parameters: ["pointer"], result: "i32" },
  // struct bpf_link *bpf_program__attach(const struct bpf_program *prog)
  bpf_program__attach: { parameters: ["pointer"], result: "pointer" },
  // the same, away from the event loop; errno of the other thread is out of reach
  bpf_program__attach_away: {
    name: "bpf_program__attach",
    parameters: ["pointer"],
    result: "pointer",
    nonblocking: true,
  },
  // struct bpf_link *bpf_program__attach_kprobe(const struct bpf_program *prog, bool retprobe, const char *func_name)
  bpf_program__attach_kprobe: { parameters: ["pointer", "bool", "buffer"], result: "pointer" },
  bpf_program__attach_kprobe_away: {
    name: "bpf_program__attach_kprobe",
    parameters: ["pointer", "bool", "buffer"],
    result: "pointer",
    nonblocking: true,
  },
  // struct bpf_link *bpf_program__attach_kprobe_multi_opts(const struct bpf_program *prog, const char *pattern,
  //                                                        const struct bpf_kprobe_multi_opts *opts)
  bpf_program__attach_kprobe_multi_opts: { parameters: ["pointer", "buffer", "buffer"], result: "pointer" },
  bpf_program__attach_kprobe_multi_opts_away: {
    name: "bpf_program__attach_kprobe_multi_opts",
    parameters: ["pointer", "buffer", "buffer"],
    result: "pointer",
    nonblocking: true,
  },
  // struct bpf_link *bpf_program__attach_perf_event(const struct bpf_program *prog, int pfd)
  bpf_program__attach_perf_event: { parameters: ["pointer", "i32"], result: "pointer" },
  // int bpf_link__destroy(struct bpf_link *link)
  bpf_link__destroy: { parameters: ["pointer"], result: "i32" },
  bpf_link__destroy_away: {
    name: "bpf_link__destroy",
    parameters: ["pointer"],
    result: "i32",
    nonblocking: true,
  },

  // struct bpf_map *bpf_object__next_map(const struct bpf_object *obj, const struct bpf_map *map)
  bpf_object__next_map: { parameters: ["pointer", "pointer"], result: "pointer" },
  // const char *bpf_map__name(const struct bpf_map *map)
  bpf_map__name: { parameters: ["pointer"], result: "pointer" },
  // enum bpf_map_type bpf_map__type(const struct bpf_map *map)
  bpf_map__type: { parameters: ["pointer"], result: "u32" },
  // __u32 bpf_map__key_size(const struct bpf_map *map)
  bpf_map__key_size: { parameters: ["pointer"], result: "u32" },
  // __u32 bpf_map__value_size(const struct bpf_map *map)
  bpf_map__value_size: { parameters: ["pointer"], result: "u32" },
  // __u32 bpf_map__max_entries(const struct bpf_map *map)
  bpf_map__max_entries: { parameters: ["pointer"], result: "u32" },
  // int bpf_map__set_max_entries(struct bpf_map *map, __u32 max_entries)
  bpf_map__set_max_entries: { parameters: ["pointer", "u32"], result: "i32" },
  // int bpf_map__fd(const struct bpf_map *map)
  bpf_map__fd: { parameters: ["pointer"], result: "i32" },
  // const void *bpf_map__initial_value(struct bpf_map *map, size_t *psize)
  bpf_map__initial_value: { parameters: ["pointer", "buffer"], result: "pointer" },
  // int bpf_map__set_initial_value(struct bpf_map *map, const void *data, size_t size)
  bpf_map__set_initial_value: { parameters: ["pointer", "buffer", "usize"], result: "i32" },

  // int bpf_map_lookup_elem(int fd, const void *key, void *value)
  bpf_map_lookup_elem: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  // int bpf_map_update_elem(int fd, const void *key, const void *value, __u64 flags)
  bpf_map_update_elem: { parameters: ["i32", "buffer", "buffer", "u64"], result: "i32" },
  // int bpf_map_delete_elem(int fd, const void *key)
  bpf_map_delete_elem: { parameters: ["i32", "buffer"], result: "i32" },
  // int bpf_map_lookup_and_delete_elem(int fd, const void *key, void *value)
  bpf_map_lookup_and_delete_elem: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  // int bpf_map_get_next_key(int fd, const void *key, void *next_key)
  bpf_map_get_next_key: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  // int bpf_map_lookup_batch(int fd, void *in_batch, void *out_batch, void *keys, void *values, __u32 *count,
  //                          const struct bpf_map_batch_opts *opts)
  bpf_map_lookup_batch: {
    parameters: ["i32", "buffer", "buffer", "buffer", "buffer", "buffer", "pointer"],
    result: "i32",
  },
  // int bpf_map_lookup_and_delete_batch(the same)
  bpf_map_lookup_and_delete_batch: {
    parameters: ["i32", "buffer", "buffer", "buffer", "buffer", "buffer", "pointer"],
    result: "i32",
  },
  // int bpf_map_create(enum bpf_map_type type, const char *name, __u32 key_size, __u32 value_size,
  //                    __u32 max_entries, const struct bpf_map_create_opts *opts)
  bpf_map_create: { parameters: ["u32", "buffer", "u32", "u32", "u32", "pointer"], result: "i32" },
  // int bpf_prog_load(enum bpf_prog_type type, const char *name, const char *license, const struct bpf_insn *insns,
  //                   size_t insn_cnt, const struct bpf_prog_load_opts *opts)
  bpf_prog_load: { parameters: ["u32", "buffer", "buffer", "buffer", "usize", "buffer"], result: "i32" },
  // int bpf_prog_test_run_opts(int prog_fd, struct bpf_test_run_opts *opts)
  bpf_prog_test_run_opts: { parameters: ["i32", "buffer"], result: "i32" },
  // int bpf_raw_tracepoint_open(const char *name, int prog_fd)
  bpf_raw_tracepoint_open: { parameters: ["buffer", "i32"], result: "i32" },
  // int bpf_link_create(int prog_fd, int target_fd, enum bpf_attach_type type, const struct bpf_link_create_opts *opts)
  bpf_link_create: { parameters: ["i32", "i32", "i32", "buffer"], result: "i32" },
  // int bpf_obj_get_info_by_fd(int bpf_fd, void *info, __u32 *info_len)
  bpf_obj_get_info_by_fd: { parameters: ["i32", "buffer", "buffer"], result: "i32" },
  // int bpf_enable_stats(enum bpf_stats_type type)
  bpf_enable_stats: { parameters: ["i32"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

/** libbpf's functions, and the error of the last one that returned NULL. */
export type Libbpf = Deno.DynamicLibrary<typeof symbols>["symbols"] & {
  /** Negative errno of the last synchronous call that returned NULL. */
  error(): number;
};

let opened: Libbpf | undefined;

/** libbpf, opened on first use and silenced: it would otherwise print over the screen. */
export function bpf(): Libbpf {
  if (opened === undefined) {
    const functions = openLibraries(symbols);
    functions.libbpf_set_print(null);
    opened = { ...functions, error: () => Number(functions.libbpf_get_error(null)) };
  }
  return opened;
}

/** Opens libbpf now; without it the first use does. A failure is left to that use, which knows whom to tell. */
export function openLibbpf(): void {
  try {
    bpf();
  } catch {
    // said by the first tool that needs it
  }
}

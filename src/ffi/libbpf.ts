/**
 * libbpf's functions that ktop calls. An int result is 0, a descriptor or a negative errno; after a NULL result
 * {@linkcode Libbpf.error} has the reason, until the next call.
 *
 * @module
 */
import { c } from "./c_types.ts";
import type { Functions } from "./lazy_symbols.ts";
import { openLibraries } from "./libraries.ts";

// Signatures that two symbols share. A symbol `…_async` runs in a worker thread; errno is per thread and is lost.
const load_vmlinux_btf = { parameters: [], result: c.btf } as const;
const attach = { parameters: [c.bpf_program], result: c.bpf_link } as const;
const attach_kprobe = { parameters: [c.bpf_program, c.bool, c.string], result: c.bpf_link } as const;
const attach_kprobe_multi = { parameters: [c.bpf_program, c.string, c.buffer], result: c.bpf_link } as const;
const batch = {
  parameters: [c.int, c.buffer, c.buffer, c.buffer, c.buffer, c.buffer, c.buffer],
  result: c.int,
} as const;
const destroy = { parameters: [c.bpf_link], result: c.int } as const;

const symbols = {
  // long libbpf_get_error(const void *ptr): -errno of the last call of this thread that returned NULL
  libbpf_get_error: { parameters: [c.pointer], result: c.long },
  // libbpf_print_fn_t libbpf_set_print(libbpf_print_fn_t fn)
  libbpf_set_print: { parameters: [c.function], result: c.pointer },
  // int libbpf_find_vmlinux_btf_id(const char *name, enum bpf_attach_type attach_type)
  libbpf_find_vmlinux_btf_id_async: {
    name: "libbpf_find_vmlinux_btf_id",
    parameters: [c.string, c.enum],
    result: c.int,
    nonblocking: true,
  },

  // struct bpf_object *bpf_object__open_mem(const void *buf, size_t size, const struct bpf_object_open_opts *opts)
  bpf_object__open_mem: { parameters: [c.buffer, c.size_t, c.buffer], result: c.bpf_object },
  // int bpf_object__load(struct bpf_object *obj)
  bpf_object__load_async: {
    name: "bpf_object__load",
    parameters: [c.bpf_object],
    result: c.int,
    nonblocking: true,
  },
  // void bpf_object__close(struct bpf_object *obj)
  bpf_object__close: { parameters: [c.bpf_object], result: c.void },
  // struct btf *bpf_object__btf(const struct bpf_object *obj): owned by the object
  bpf_object__btf: { parameters: [c.bpf_object], result: c.btf },
  // struct bpf_program *bpf_object__next_program(const struct bpf_object *obj, struct bpf_program *prog)
  bpf_object__next_program: { parameters: [c.bpf_object, c.bpf_program], result: c.bpf_program },
  // struct bpf_map *bpf_object__next_map(const struct bpf_object *obj, const struct bpf_map *map)
  bpf_object__next_map: { parameters: [c.bpf_object, c.bpf_map], result: c.bpf_map },

  // struct btf *btf__load_vmlinux_btf(void)
  btf__load_vmlinux_btf: load_vmlinux_btf,
  btf__load_vmlinux_btf_async: { name: "btf__load_vmlinux_btf", ...load_vmlinux_btf, nonblocking: true },
  // struct btf *btf__load_module_btf(const char *module_name, struct btf *vmlinux_btf)
  btf__load_module_btf: { parameters: [c.string, c.btf], result: c.btf },
  // __s32 btf__find_by_name_kind(const struct btf *btf, const char *type_name, __u32 kind)
  btf__find_by_name_kind: { parameters: [c.btf, c.string, c.__u32], result: c.__s32 },
  // const struct btf_type *btf__type_by_id(const struct btf *btf, __u32 id)
  btf__type_by_id: { parameters: [c.btf, c.__u32], result: c.pointer },
  // const char *btf__name_by_offset(const struct btf *btf, __u32 offset)
  btf__name_by_offset: { parameters: [c.btf, c.__u32], result: c.pointer },
  // const void *btf__raw_data(const struct btf *btf, __u32 *size)
  btf__raw_data: { parameters: [c.btf, c.buffer], result: c.pointer },
  // void btf__free(struct btf *btf)
  btf__free: { parameters: [c.btf], result: c.void },

  // const char *bpf_program__name(const struct bpf_program *prog)
  bpf_program__name: { parameters: [c.bpf_program], result: c.pointer },
  // const char *bpf_program__section_name(const struct bpf_program *prog)
  bpf_program__section_name: { parameters: [c.bpf_program], result: c.pointer },
  // int bpf_program__set_autoload(struct bpf_program *prog, bool autoload)
  bpf_program__set_autoload: { parameters: [c.bpf_program, c.bool], result: c.int },
  // int bpf_program__fd(const struct bpf_program *prog)
  bpf_program__fd: { parameters: [c.bpf_program], result: c.int },
  // struct bpf_link *bpf_program__attach(const struct bpf_program *prog)
  bpf_program__attach: attach,
  bpf_program__attach_async: { name: "bpf_program__attach", ...attach, nonblocking: true },
  // struct bpf_link *bpf_program__attach_kprobe(const struct bpf_program *prog, bool retprobe, const char *func_name)
  bpf_program__attach_kprobe: attach_kprobe,
  bpf_program__attach_kprobe_async: {
    name: "bpf_program__attach_kprobe",
    ...attach_kprobe,
    nonblocking: true,
  },
  // struct bpf_link *bpf_program__attach_kprobe_multi_opts(const struct bpf_program *prog, const char *pattern,
  //                                                        const struct bpf_kprobe_multi_opts *opts)
  bpf_program__attach_kprobe_multi_opts: attach_kprobe_multi,
  bpf_program__attach_kprobe_multi_opts_async: {
    name: "bpf_program__attach_kprobe_multi_opts",
    ...attach_kprobe_multi,
    nonblocking: true,
  },
  // struct bpf_link *bpf_program__attach_perf_event(const struct bpf_program *prog, int pfd)
  bpf_program__attach_perf_event: { parameters: [c.bpf_program, c.int], result: c.bpf_link },
  // int bpf_link__destroy(struct bpf_link *link)
  bpf_link__destroy: destroy,
  bpf_link__destroy_async: { name: "bpf_link__destroy", ...destroy, nonblocking: true },

  // const char *bpf_map__name(const struct bpf_map *map)
  bpf_map__name: { parameters: [c.bpf_map], result: c.pointer },
  // enum bpf_map_type bpf_map__type(const struct bpf_map *map)
  bpf_map__type: { parameters: [c.bpf_map], result: c.enum },
  // __u32 bpf_map__key_size(const struct bpf_map *map)
  bpf_map__key_size: { parameters: [c.bpf_map], result: c.__u32 },
  // __u32 bpf_map__value_size(const struct bpf_map *map)
  bpf_map__value_size: { parameters: [c.bpf_map], result: c.__u32 },
  // __u32 bpf_map__max_entries(const struct bpf_map *map)
  bpf_map__max_entries: { parameters: [c.bpf_map], result: c.__u32 },
  // int bpf_map__set_max_entries(struct bpf_map *map, __u32 max_entries)
  bpf_map__set_max_entries: { parameters: [c.bpf_map, c.__u32], result: c.int },
  // int bpf_map__set_autocreate(struct bpf_map *map, bool autocreate)
  bpf_map__set_autocreate: { parameters: [c.bpf_map, c.bool], result: c.int },
  // int bpf_map__reuse_fd(struct bpf_map *map, int fd): copies the descriptor
  bpf_map__reuse_fd: { parameters: [c.bpf_map, c.int], result: c.int },
  // int bpf_map__fd(const struct bpf_map *map)
  bpf_map__fd: { parameters: [c.bpf_map], result: c.int },
  // const void *bpf_map__initial_value(struct bpf_map *map, size_t *psize)
  bpf_map__initial_value: { parameters: [c.bpf_map, c.buffer], result: c.pointer },
  // int bpf_map__set_initial_value(struct bpf_map *map, const void *data, size_t size): copies the data
  bpf_map__set_initial_value: { parameters: [c.bpf_map, c.buffer, c.size_t], result: c.int },

  // int bpf_map_lookup_elem(int fd, const void *key, void *value)
  bpf_map_lookup_elem: { parameters: [c.int, c.buffer, c.buffer], result: c.int },
  // int bpf_map_update_elem(int fd, const void *key, const void *value, __u64 flags)
  bpf_map_update_elem: { parameters: [c.int, c.buffer, c.buffer, c.__u64], result: c.int },
  // int bpf_map_delete_elem(int fd, const void *key)
  bpf_map_delete_elem: { parameters: [c.int, c.buffer], result: c.int },
  // int bpf_map_lookup_and_delete_elem(int fd, const void *key, void *value)
  bpf_map_lookup_and_delete_elem: { parameters: [c.int, c.buffer, c.buffer], result: c.int },
  // int bpf_map_get_next_key(int fd, const void *key, void *next_key)
  bpf_map_get_next_key: { parameters: [c.int, c.buffer, c.buffer], result: c.int },
  // int bpf_map_lookup_batch(int fd, void *in_batch, void *out_batch, void *keys, void *values, __u32 *count,
  //                          const struct bpf_map_batch_opts *opts)
  bpf_map_lookup_batch: batch,
  // int bpf_map_lookup_and_delete_batch(the same)
  bpf_map_lookup_and_delete_batch: batch,
  // int bpf_map_create(enum bpf_map_type type, const char *name, __u32 key_size, __u32 value_size,
  //                    __u32 max_entries, const struct bpf_map_create_opts *opts)
  bpf_map_create: {
    parameters: [c.enum, c.string, c.__u32, c.__u32, c.__u32, c.buffer],
    result: c.int,
  },
  // int bpf_prog_load(enum bpf_prog_type type, const char *name, const char *license, const struct bpf_insn *insns,
  //                   size_t insn_cnt, const struct bpf_prog_load_opts *opts)
  bpf_prog_load: {
    parameters: [c.enum, c.string, c.string, c.buffer, c.size_t, c.buffer],
    result: c.int,
  },
  // int bpf_prog_test_run_opts(int prog_fd, struct bpf_test_run_opts *opts)
  bpf_prog_test_run_opts: { parameters: [c.int, c.buffer], result: c.int },
  // int bpf_raw_tracepoint_open(const char *name, int prog_fd)
  bpf_raw_tracepoint_open: { parameters: [c.string, c.int], result: c.int },
  // int bpf_link_create(int prog_fd, int target_fd, enum bpf_attach_type type, const struct bpf_link_create_opts *opts)
  bpf_link_create: { parameters: [c.int, c.int, c.enum, c.buffer], result: c.int },
  // int bpf_obj_get_info_by_fd(int bpf_fd, void *info, __u32 *info_len)
  bpf_obj_get_info_by_fd: { parameters: [c.int, c.buffer, c.buffer], result: c.int },
  // int bpf_enable_stats(enum bpf_stats_type type)
  bpf_enable_stats: { parameters: [c.enum], result: c.int },
} as const satisfies Deno.ForeignLibraryInterface;

/** libbpf's functions, and the error of the last one that returned NULL. */
export type Libbpf = Functions<typeof symbols> & {
  /** Negative errno of this thread's last call that returned NULL. */
  error(): number;
};

let opened: Libbpf | undefined;

/** libbpf, opened on first use, with its messages off: by default it prints them over the screen. */
export function bpf(): Libbpf {
  if (opened === undefined) {
    const functions = openLibraries(symbols);
    functions.libbpf_set_print(null);
    const { libbpf_get_error } = functions; // bound now: binding it after a failed call could change errno
    opened = Object.assign(functions, { error: () => Number(libbpf_get_error(null)) });
  }
  return opened;
}

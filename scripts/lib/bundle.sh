# shellcheck shell=bash
# The program as a few large modules: denort reads and links the 300 modules of the source one by one at every start. Sourced
# after common.sh, fetch.sh, pins.sh and program.sh.

# The version that `deno bundle` of this Deno runs.
esbuild_version=0.25.5

# esbuild_provide: puts a pinned esbuild where `deno bundle` looks for it, which would download one without a checksum.
esbuild_provide() {
  local kind file integrity package work
  case $(machine) in
    x86_64) kind=linux-x64 ;;
    aarch64) kind=linux-arm64 ;;
  esac
  file=$DENO_DIR/dl/esbuild-$esbuild_version/esbuild-$kind
  [[ -x $file ]] && pinned esbuild "$file" && return
  read -r integrity package < <(pins_of esbuild-archive)
  note "build: fetching esbuild $esbuild_version (npm package $package)"
  work=$(mktemp -d "$deno_home/fetch.XXXXXX")
  npm_fetch "$package" "$integrity" "$work"
  tar -xzf "$work/package.tgz" -C "$work" package/bin/esbuild
  require_pinned esbuild "$work/package/bin/esbuild"
  chmod 755 "$work/package/bin/esbuild"
  mkdir -p "$(dirname "$file")"
  mv -f "$work/package/bin/esbuild" "$file"
  rm -rf "$work"
}

# bundle_program DIRECTORY: writes main.js, the modules that it imports, and the worker thread's module below the path of its
# source, the same for every architecture. Identifiers keep their names for stack traces. The directory is build/program below a
# target_root: a module finds embedded files relative to itself.
bundle_program() {
  local worker=src/symbols/worker
  rm -rf "$1"
  "$deno" bundle --quiet --frozen --lock="$program_lock" --platform=deno --code-splitting --outdir "$1" main.ts "$worker.ts"
  [[ -s $1/main.js && -s $1/$worker.js ]] || die "deno bundle made no main.js or no $worker.js"
  # V8 keeps the text of a module with other characters than ASCII in twice the memory. esbuild escapes those in strings; comments of
  # class members stay.
  find "$1" -name '*.js' -exec env LC_ALL=C sed -i '/^ *\(\/\*\*\|\*\) /s/[\x80-\xff]\{1,\}/?/g' {} +
  ! LC_ALL=C grep -rlP --include='*.js' '[\x80-\xff]' "$1" || die "a module of the program is not ASCII: write \\uXXXX in its code"
  # Not .wasm: deno compile would link it as a module.
  "$deno" eval --quiet --cached-only --frozen --lock="$program_lock" \
    'Deno.copyFileSync(new URL(import.meta.resolve("gecko-profiler-demangle/index_bg.wasm")), Deno.args[0])' \
    "$(dirname "$1/$worker")/demangle.bin"
}

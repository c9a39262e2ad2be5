# shellcheck shell=bash
# Everything outside this repository that becomes part of dist/ktop or builds it, by checksum, whichever way it comes. What
# is pinned elsewhere: the npm packages (deno.lock) and the lab's kernels (tests/lab/kernels.json). Sourced after common.sh.

# NAME MACHINE CHECKSUM ORIGIN, a line for each accepted file. A checksum is a SHA-256 in hexadecimal, or the SHA-512 of an
# npm archive as npm writes it. The ORIGIN of a library is the Debian release, package and version, that of a Debian archive its
# path below a mirror. libelf is that of Debian 11: Debian 12's needs glibc 2.33. No checksum of Deno or denort for arm64 is known: Deno's publisher has no archive of this
# version on npm. KTOP_PINS takes such lines too, for files that the user has checked. lab-deno runs ktop's bundle in the lab's
# arm64 guests only: of the versions on npm for arm64, 2.3.7 lacks globSync of node:fs, and 2.7.7 is the next one.
pins="
deno-archive   x86_64 sha512-LzDLyrROm2oxt2g8sjG6niYWaZas/HLBk4Ns5qEhf2bGaDr8Lcq24VTnThZLepLUKt8cTfT3NGX3MZZWKwSVmA== @deno/linux-x64-glibc@2.4.2
denort-archive x86_64 sha512-eQvsTLNKsoA/sH80Nn1iEKu+Lh24kmbB97dDjhn34py23Xc6+/uI48UNG2k/TQFIcVf7Sckwnrk80L00Hx1eXA== @vltpkg/cli-linux-x64@0.0.0-18
denort         x86_64 2705685d7478610b98dcd43acecd457a19810146323041c8af8a88f7dd0b5e82 2.4.2
esbuild-archive x86_64 sha512-uhj8N2obKTE6pSZ+aMUbqq+1nXxNjZIIjCjGLfsWvVpy7gKCOL6rsY1MhRh9zLtUtAI7vpgLMK6DxjO8Qm9lJw== @esbuild/linux-x64@0.25.5
esbuild        x86_64 3331e0b23c99d93d9a39e436a4838de40ca1c95ac3bcbd9874ba169d8545b634 0.25.5
libbpf.so.1    x86_64 81e825111b6ce1db0e3fa06acbe0304d0e32b71c78a4ed23e58d1a93c8117273 Debian-12:libbpf1=1:1.1.2-0+deb12u1
libelf.so.1    x86_64 bc72a7c0a6fb81781c3b7acc78a561ca89c646e3faf34640b4e4e9d8e61eb5e3 Debian-11:libelf1=0.183-1
libz.so.1      x86_64 7e2a72b4c4b38c61e6962de6e3f4a5e9ae692e732c68deead10a7ce2135a7f68 Debian-12:zlib1g=1:1.2.13.dfsg-1
libbpf.so.1-archive x86_64 5e7505ef77ebc84ad0203411e4afdeb8a98f40fb7f78f013aa4dd8710e49f8ed pool/main/libb/libbpf/libbpf1_1.1.2-0+deb12u1_amd64.deb
libelf.so.1-archive x86_64 e1ad132d502b255023c222d0cae1d02ca941f6b68fd0e9b908c6004cc326592c pool/main/e/elfutils/libelf1_0.183-1_amd64.deb
libz.so.1-archive x86_64 d7dd1d1411fedf27f5e27650a6eff20ef294077b568f4c8c5e51466dc7c08ce4 pool/main/z/zlib/zlib1g_1.2.13.dfsg-1_amd64.deb
lab-deno-archive aarch64 sha512-Qz206Lr/UE9OkKsGHiWdSUdh6GORUqwhIuUH554sTI8fv2+Tlh+I+w/7pZ1i2XSe65nkVJPVxGlJjxWK+OZNJg== @deno/linux-arm64-glibc@2.7.7
esbuild-archive aarch64 sha512-Z9kfb1v6ZlGbWj8EJk9T6czVEjjq2ntSYLY2cw6pAZl4oKtfgQuS4HOq41M/BcoLPzrUbNd+R4BXFyH//nHxVg== @esbuild/linux-arm64@0.25.5
esbuild        aarch64 d6d656d9326ce1c55c01f73604a3cffda35c63cce60016e9ed795ac91cd1e67d 0.25.5
libbpf.so.1    aarch64 55f4a416ed976da71636175b6af04b3b6a4360b6db899fb65e7468313464ad01 Debian-12:libbpf1=1:1.1.2-0+deb12u1
libelf.so.1    aarch64 2b0f878cd76745f8ed09aa155d4f5d8316d5cb1713cf65c47d55a4b903a0aad0 Debian-11:libelf1=0.183-1
libz.so.1      aarch64 ffb1ab496e6eced03ab679075f9f2c415c7728a145cc7f63d614497102d73822 Debian-12:zlib1g=1:1.2.13.dfsg-1
libbpf.so.1-archive aarch64 c9929839798e7d8e66b212f345ecf1653ba7f1a9e1b753d0eb67bd521b0b5511 pool/main/libb/libbpf/libbpf1_1.1.2-0+deb12u1_arm64.deb
libelf.so.1-archive aarch64 12e14110cd66b3bf0564e3b184985b3e91c9cd76e909531a7f7bd2cb9b35a1f3 pool/main/e/elfutils/libelf1_0.183-1_arm64.deb
libz.so.1-archive aarch64 52b8b8a145bbe1956bba82034f77022cbef0c3d0885c9e32d9817a7932fe1913 pool/main/z/zlib/zlib1g_1.2.13.dfsg-1_arm64.deb
"

# pins_of NAME [MACHINE]: prints CHECKSUM ORIGIN of each accepted file of this name for the architecture, by default this
# machine's.
pins_of() {
  awk -v name="$1" -v machine="${2:-$(machine)}" '$1 == name && $2 == machine { print $3, $4 }' <<< "$pins
${KTOP_PINS-}"
}

# pinned NAME FILE [MACHINE]: true when the SHA-256 of the file is accepted for the name.
pinned() {
  local sum
  [[ -f $2 ]] || return 1
  sum=$(sha256sum < "$2")
  [[ -n $(pins_of "$1" "${3-}" | awk -v sum="${sum%% *}" '$1 == sum') ]]
}

# require_pinned NAME FILE [MACHINE]: ends the script unless the file is accepted.
require_pinned() {
  local sum
  pinned "$@" && return
  sum=$(sha256sum < "$2")
  die "$2 is not a pinned $1: its SHA-256 is ${sum%% *}. If you have checked it, add it to scripts/lib/pins.sh, or set" \
    "KTOP_PINS='$1 ${3:-$(machine)} ${sum%% *} ORIGIN'"
}

# shellcheck shell=bash
# Everything outside this repository that becomes part of dist/ktop or builds it, by checksum, whichever way it comes. What
# is pinned elsewhere: the npm packages (deno.lock) and the lab's kernels (tests/lab/kernels.json). Sourced after common.sh.

# NAME MACHINE CHECKSUM ORIGIN, a line for each accepted file. A checksum is a SHA-256 in hexadecimal, or the SHA-512 of an
# npm archive as npm writes it. No checksum of Deno or denort for arm64 is known: Deno's publisher has no archive of this
# version on npm. KTOP_PINS takes such lines too, for files that the user has checked.
pins="
deno-archive   x86_64 sha512-LzDLyrROm2oxt2g8sjG6niYWaZas/HLBk4Ns5qEhf2bGaDr8Lcq24VTnThZLepLUKt8cTfT3NGX3MZZWKwSVmA== @deno/linux-x64-glibc@2.4.2
denort-archive x86_64 sha512-eQvsTLNKsoA/sH80Nn1iEKu+Lh24kmbB97dDjhn34py23Xc6+/uI48UNG2k/TQFIcVf7Sckwnrk80L00Hx1eXA== @vltpkg/cli-linux-x64@0.0.0-18
denort         x86_64 2705685d7478610b98dcd43acecd457a19810146323041c8af8a88f7dd0b5e82 2.4.2
esbuild-archive x86_64 sha512-uhj8N2obKTE6pSZ+aMUbqq+1nXxNjZIIjCjGLfsWvVpy7gKCOL6rsY1MhRh9zLtUtAI7vpgLMK6DxjO8Qm9lJw== @esbuild/linux-x64@0.25.5
esbuild        x86_64 3331e0b23c99d93d9a39e436a4838de40ca1c95ac3bcbd9874ba169d8545b634 0.25.5
libbpf.so.1    x86_64 81e825111b6ce1db0e3fa06acbe0304d0e32b71c78a4ed23e58d1a93c8117273 Debian-12:libbpf1=1:1.1.2-0+deb12u1
libelf.so.1    x86_64 b58343c451efd4db9e7de55a9243fa388ea4fcfe53fc4f159d909dc878efe3e4 Debian-12:libelf1=0.188-2.1
libz.so.1      x86_64 7e2a72b4c4b38c61e6962de6e3f4a5e9ae692e732c68deead10a7ce2135a7f68 Debian-12:zlib1g=1:1.2.13.dfsg-1
esbuild-archive aarch64 sha512-Z9kfb1v6ZlGbWj8EJk9T6czVEjjq2ntSYLY2cw6pAZl4oKtfgQuS4HOq41M/BcoLPzrUbNd+R4BXFyH//nHxVg== @esbuild/linux-arm64@0.25.5
esbuild        aarch64 d6d656d9326ce1c55c01f73604a3cffda35c63cce60016e9ed795ac91cd1e67d 0.25.5
libbpf.so.1    aarch64 55f4a416ed976da71636175b6af04b3b6a4360b6db899fb65e7468313464ad01 Debian-12:libbpf1=1:1.1.2-0+deb12u1
libelf.so.1    aarch64 e31be36f325b1a16fd1986419f8eb145b0557ab94cd9120b9ace6820e932fbf3 Debian-12:libelf1=0.188-2.1
libz.so.1      aarch64 ffb1ab496e6eced03ab679075f9f2c415c7728a145cc7f63d614497102d73822 Debian-12:zlib1g=1:1.2.13.dfsg-1
"

# pins_of NAME: prints CHECKSUM ORIGIN of each accepted file of this name for this machine.
pins_of() {
  awk -v name="$1" -v machine="$(machine)" '$1 == name && $2 == machine { print $3, $4 }' <<< "$pins
${KTOP_PINS-}"
}

# pinned NAME FILE: true when the SHA-256 of the file is accepted for the name.
pinned() {
  local sum
  [[ -f $2 ]] || return 1
  sum=$(sha256sum < "$2")
  [[ -n $(pins_of "$1" | awk -v sum="${sum%% *}" '$1 == sum') ]]
}

# require_pinned NAME FILE: ends the script unless the file is accepted.
require_pinned() {
  local sum
  pinned "$1" "$2" && return
  sum=$(sha256sum < "$2")
  die "$2 is not a pinned $1: its SHA-256 is ${sum%% *}. If you have checked it, add it to scripts/lib/pins.sh, or set" \
    "KTOP_PINS='$1 $(machine) ${sum%% *} ORIGIN'"
}

#!/bin/sh
# ktop in an arm64 guest: its bundle, with the options of scripts/build.
exec deno run --quiet --no-config --no-lock --cached-only --allow-all \
  --v8-flags=--max-semi-space-size=4,--heap-growing-percent=30 /ktop/build/program/main.js "$@"

#!/usr/bin/env bash
# scripts/format --check names a file that is not laid out, and scripts/format lays it out.
source "$(dirname "$0")/helpers.bash"
command -v "${CLANG_FORMAT:-clang-format-19}" >/dev/null || { echo "format: clang-format-19 is not installed; not tested"; exit 0; }

mkdir -p "$tree/scripts"
cp "$repo/scripts/format" "$tree/scripts/"
cp "$repo/.clang-format" "$tree/"
write base/a.cpp 'int   a( ){return 1;}'
refuses "a file out of shape" 'base/a.cpp: differs' "$tree/scripts/format" --check
accepts "laying it out" "$tree/scripts/format"
accepts "the file laid out" "$tree/scripts/format" --check
echo "format: $cases cases"

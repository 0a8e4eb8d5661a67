#!/usr/bin/env bash
# scripts/check_docs finds links that lead nowhere, scripts that are not there, and folders that nothing describes.
source "$(dirname "$0")/helpers.bash"
check=("$repo/scripts/check_docs" "$tree")

write docs/README.md '# docs'
write docs/api.md '# The API

## Errors & reasons'
write README.md '# Title

[api](docs/api.md), [errors](docs/api.md#errors--reasons), [here](#title), [out](https://example.org/x)

```sh
echo "[not a link](nowhere.md)"
```'
accepts "links that lead somewhere" "${check[@]}"

write bad.md '[gone](docs/gone.md)'
refuses "a missing file" 'bad.md:1: docs/gone.md leads nowhere' "${check[@]}"
write bad.md '[gone](docs/api.md#no-such-heading)'
refuses "a missing heading" 'names no heading' "${check[@]}"
write bad.md 'Run `scripts/nothing` first.'
refuses "a missing script" 'scripts/nothing is not there' "${check[@]}"
rm "$tree/bad.md"
accepts "the tree without the bad page" "${check[@]}"

write base/a.hpp '// a'
refuses "a folder without a README" 'base: has no README.md' "${check[@]}"
write base/README.md '# base'
accepts "a folder with a README" "${check[@]}"
write tests/README.md 'Only `unit/<module>`, and `data/`.'
write tests/unit/base/t.cpp '// t'
write tests/data/one '1'
accepts "folders that the README above names" "${check[@]}"
write tests/unit/README.md 'Of `base`.'
write tests/unit/crypto/t.cpp '// t'
refuses "a folder that the README above does not name" 'tests/unit/crypto: has no README.md' "${check[@]}"
write build/dev/x 'x'
write .gitignore 'build/'
rm -r "$tree/tests/unit/crypto"
git -C "$tree" init -q && git -C "$tree" add -A
accepts "what git does not track" "${check[@]}"
echo "check_docs: $cases cases"

#!/usr/bin/env bash
# scripts/check_docs finds links that lead nowhere and scripts that are not there.
source "$(dirname "$0")/helpers.bash"
check=("$repo/scripts/check_docs" "$tree")

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
echo "check_docs: $cases cases"

#!/usr/bin/env bash
# .ci/run takes its commands from the README: it runs what stands there, and fails when nothing does or when it fails.
source "$(dirname "$0")/helpers.bash"

mkdir -p "$tree/.ci"
cp "$repo/.ci/run" "$tree/.ci/"
write README.md '<!-- ci: test -->
```sh
echo one && echo two
```
and later
<!-- ci: run -->
```sh
false
```'
accepts "the README's own command" "$tree/.ci/run" test
refuses "a command that fails" 'FAILED .*main job' "$tree/.ci/run" run
write README.md '# nothing marked'
refuses "a README without commands" 'no command marked' "$tree/.ci/run" test
refuses "an unknown stage" 'what is typo' "$tree/.ci/run" typo

for name in test run; do
  grep -q "^<!-- ci: $name -->$" "$repo/README.md" || { echo "README.md marks no command for $name" >&2; exit 1; }
done
echo "readme_commands: $cases cases"

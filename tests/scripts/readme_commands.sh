#!/usr/bin/env bash
# .ci/run takes its commands from the README: it runs what stands there, and fails when nothing does or when it fails. It knows
# every stage that it tells of, and scripts/soak runs the long ones.
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

# What .ci/run knows by name: its help lists the stages, and scripts/soak names only such.
known=$("$repo/.ci/run" typo 2>&1 | sed -n 's/.*Known: //p' || true)
told=$(sed -n 's/^#   \.ci\/run STAGE….*some of: \([^;]*\);.*/\1/p' "$repo/.ci/run")
[[ -n $known && $known == "$told" ]] || { echo ".ci/run knows '$known' and tells of '$told'" >&2; exit 1; }
long=$(sed -n 's/.*\.ci\/run \(.*\)$/\1/p' "$repo/scripts/soak")
[[ -n $long ]] || { echo "scripts/soak runs no stage" >&2; exit 1; }
for name in $long; do
  [[ " $known " == *" $name "* ]] || { echo "scripts/soak names $name, which .ci/run does not know" >&2; exit 1; }
done
for name in tidy asan tsan compilers fuzz; do
  [[ " $long " == *" $name "* ]] || { echo "scripts/soak leaves out $name" >&2; exit 1; }
done

for name in test run; do
  grep -q "^<!-- ci: $name -->$" "$repo/README.md" || { echo "README.md marks no command for $name" >&2; exit 1; }
done
echo "readme_commands: $cases cases"

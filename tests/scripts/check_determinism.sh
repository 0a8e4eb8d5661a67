#!/usr/bin/env bash
# scripts/check_determinism finds each kind of whim, and nothing where there is none.
source "$(dirname "$0")/helpers.bash"
check=("$repo/scripts/check_determinism" "$tree")

# wrong FILE TEXT PATTERN
wrong() {
  fresh
  write "$1" "$2"
  refuses "$1: $2" "$3" "${check[@]}"
}
right() {
  fresh
  write "$1" "$2"
  accepts "$1: $2" "${check[@]}"
}

wrong ledger/a.cpp 'auto t = std::chrono::system_clock::now();' 'a clock'
wrong crypto/a.cpp 'long t = time(nullptr);' 'a clock'
wrong ledger/a.cpp 'long t = ::time(0);' 'a clock'
wrong consensus/a.cpp 'clock_gettime(CLOCK_REALTIME, &ts);' 'a clock'
wrong base/a.cpp 'const char* built = __DATE__;' 'time of the build'
wrong base/other.cpp 'int x = rand();' 'chance'
wrong consensus/a.cpp 'std::random_device seed;' 'chance'
wrong consensus/a.cpp 'std::mt19937_64 engine(1);' 'chance'
wrong crypto/a.cpp 'getrandom(p, n, 0);' 'chance'
wrong ledger/a.cpp 'double share = 0;' 'floating point'
wrong ledger/a.cpp 'auto share = units * 0.5;' 'floating-point number'
wrong ledger/a.cpp 'auto big = 1e6;' 'floating-point number'
wrong ledger/a.cpp 'auto root = std::sqrt(x);' 'floating-point arithmetic'
wrong ledger/a.cpp 'if (std::isalpha(c)) return;' 'the locale'
wrong ledger/a.cpp 'c = tolower(c);' 'the locale'
wrong ledger/a.hpp 'std::map<const Member*, int> by_member;' 'order of pointers'
wrong ledger/a.hpp 'std::set<Member*> members;' 'order of pointers'
wrong ledger/a.cpp 'auto n = reinterpret_cast<std::uintptr_t>(p);' 'order of pointers'
wrong crypto/a.cpp 'auto me = std::this_thread::get_id();' 'name of a thread'
wrong ledger/a.cpp 'auto home = std::getenv("HOME");' 'the environment'
wrong ledger/a.cpp '#include "base/clock.hpp"' 'a door'
wrong consensus/a.cpp '#include "base/random.hpp"' 'a door'
wrong ledger/a.hpp 'std::mutex lock;' 'a thread or a lock'
wrong consensus/a.cpp 'std::ofstream out(path);' 'a file or a stream'
wrong ledger/a.cpp 'std::hash<std::string>{}(name);' 'a hash'
wrong ledger/a.cpp 'std::unordered_map<Id, std::vector<int>> seen;
for (const auto& [id, x] : seen) use(id);' 'order of a hash table'
wrong ledger/a.cpp 'std::unordered_set<Id, Hasher> seen_; auto it = seen_.begin();' 'order of a hash table'

fresh
write ledger/a.hpp 'std::unordered_map<Id, int> balances_;'
write ledger/a.cpp 'for (auto& entry : state.balances_) use(entry);'
refuses "a walk over a member declared elsewhere" 'order of a hash table' "${check[@]}"

right base/clock.cpp 'auto t = std::chrono::system_clock::now();'
right base/random.cpp 'getrandom(p, n, 0);'
right crypto/a.cpp '#include "base/random.hpp"'
right ledger/a.cpp '// a double of time(nullptr), as 0.5 of rand()'
right ledger/a.cpp 'const char* text = "double rand() 0.5"; /* std::chrono */'
right ledger/a.hpp 'TimeMs time() const { return header.time; }'
right ledger/a.hpp 'constexpr u64 kMillion = 1'"'"'000'"'"'000; u32 mask = 0x1e5;'
right ledger/a.cpp 'std::unordered_map<Id, int> seen; auto it = seen.find(id);
for (const auto& item : items) seen.emplace(item.id, 1);'

fresh
refuses "an empty tree" 'no sources' "${check[@]}"
echo "check_determinism: $cases cases"

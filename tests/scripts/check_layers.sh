#!/usr/bin/env bash
# scripts/check_layers fails on each kind of wrong arrow, and only then.
source "$(dirname "$0")/helpers.bash"
check=("$repo/scripts/check_layers" "$tree")

clean() {
  fresh
  write base/a.hpp '#include <vector>'
  write crypto/c.hpp '#include "base/a.hpp"'
  write crypto/c.cpp '#include <secp256k1.h>'
  write ledger/l.hpp '#include "crypto/c.hpp"'
  write consensus/types.hpp '#include "base/a.hpp"'
  write consensus/replica.hpp '#include "consensus/types.hpp"'
  write node/storage/s.hpp '#include "consensus/types.hpp"'
  write node/storage/rocks.cpp '#include <rocksdb/db.h>'
  write node/api/x.hpp '#include "base/a.hpp"'
  write node/api/x.cpp '#include <grpcpp/grpcpp.h>
#include "moot/v1/query.pb.h"
#include "node/api/x.hpp"'
  write node/app/main.cpp '#include "node/api/x.hpp"'
  write wallet/main.cpp '#include "ledger/l.hpp"'
  write tests/unit/t.cpp '#include "wallet/w.hpp"
#include <rocksdb/db.h>'
  write wallet/w.hpp '#include <string>'
}
# wrong FILE TEXT PATTERN: the clean tree with one more file must be refused.
wrong() {
  clean
  write "$1" "$2"
  refuses "$1: $2" "$3" "${check[@]}"
}

clean
accepts "a tree that keeps to its floors" "${check[@]}"

wrong base/up.hpp '#include "crypto/c.hpp"' 'base may not include crypto'
wrong ledger/side.hpp '#include "consensus/types.hpp"' 'ledger may not include consensus'
wrong consensus/side.hpp '#include "ledger/l.hpp"' 'consensus may not include ledger'
wrong ledger/up.cpp '#include "node/storage/s.hpp"' 'ledger may not include node/storage'
wrong wallet/node.cpp '#include "node/storage/s.hpp"' 'wallet may not include node/storage'
wrong audit/node.cpp '#include "node/api/x.hpp"' 'audit may not include node/api'
wrong node/storage/deep.cpp '#include "consensus/replica.hpp"' 'only the plain types of consensus'
wrong ledger/test.cpp '#include "tests/support/a.hpp"' 'no file of the tree'
wrong ledger/proto.cpp '#include "moot/v1/query.pb.h"' 'may not include gRPC'
wrong node/storage/second.cpp '#include <rocksdb/options.h>' 'second file includes RocksDB'
wrong ledger/rocks.cpp '#include <rocksdb/db.h>' 'ledger may not include RocksDB'
wrong wallet/keys.cpp '#include <openssl/evp.h>' 'wallet may not include OpenSSL'
wrong ledger/keys.cpp '#include <cryptopp/sha.h>' 'ledger may not include Crypto'
wrong wallet/keys.cpp '#include <secp256k1_recovery.h>' 'wallet may not include secp256k1'
wrong base/boost.hpp '#include <boost/asio.hpp>' 'base may not include Boost'
wrong ledger/sys.cpp '#include <unistd.h>' 'system header'
wrong ledger/other.cpp '#include <zlib.h>' 'standard library and fmt'
wrong ledger/gone.cpp '#include "ledger/gone.hpp"' 'no file of the tree'
wrong ledger/near.cpp '#include "../base/a.hpp"' 'no file of the tree'
wrong elsewhere/x.cpp '#include <vector>' 'no row of the table'

clean
write crypto/c.hpp '#include <secp256k1.h>'
refuses "a library in a header that others include" 'is reached from' "${check[@]}"
clean
write node/api/x.hpp '#include <grpcpp/grpcpp.h>'
refuses "gRPC in a header that others include" 'is reached from node/app/main.cpp' "${check[@]}"
clean
write ledger/l.hpp '#include "ledger/m.hpp"'
write ledger/m.hpp '#include "ledger/l.hpp"'
refuses "a circle of headers" 'include each other' "${check[@]}"

fresh
refuses "an empty tree" 'no sources' "${check[@]}"
echo "check_layers: $cases cases"

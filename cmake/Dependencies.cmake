# Libraries, all from Debian 12 by name; scripts/setup installs them.

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(fmt CONFIG REQUIRED)
find_package(spdlog CONFIG REQUIRED)
find_package(tomlplusplus CONFIG REQUIRED)
find_package(CLI11 CONFIG REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(Protobuf REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(RocksDB CONFIG REQUIRED)
find_package(Boost 1.81 CONFIG REQUIRED COMPONENTS json)
pkg_check_modules(SECP256K1 REQUIRED IMPORTED_TARGET libsecp256k1)
pkg_check_modules(CRYPTOPP REQUIRED IMPORTED_TARGET libcrypto++)

# RocksDB's own package leaves the choice of library to the user; the shared one links in a second.
if(NOT TARGET RocksDB::rocksdb-shared)
  add_library(RocksDB::rocksdb-shared ALIAS RocksDB::rocksdb)
endif()

# google/rpc/status.proto and its neighbours, which no C++ package of Debian carries compiled.
set(MOOT_GOOGLEAPIS /usr/share/gocode/src/github.com/grpc-ecosystem/grpc-gateway/third_party/googleapis
  CACHE PATH "Folder that holds google/rpc/status.proto")

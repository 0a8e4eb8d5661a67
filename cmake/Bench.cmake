# bench/*.cpp make one program, bench_moot; scripts/bench prints its table.

moot_sources(bench_sources bench FALSE)
if(bench_sources)
  find_package(benchmark CONFIG REQUIRED)
  add_executable(bench_moot ${bench_sources})
  target_include_directories(bench_moot PRIVATE "${CMAKE_SOURCE_DIR}")
  target_compile_options(bench_moot PRIVATE ${MOOT_WARNINGS})
  moot_link(bench_moot ${MOOT_MODULES} test_support model)
  target_link_libraries(bench_moot PRIVATE benchmark::benchmark PkgConfig::SECP256K1 RocksDB::rocksdb-shared)
endif()

# bench/goals makes moot_goals: the speed goals as one table; scripts/bench runs it.
moot_sources(goals_sources bench/goals FALSE)
if(goals_sources AND TARGET moot_node_engine)
  add_executable(moot_goals ${goals_sources})
  target_include_directories(moot_goals PRIVATE "${CMAKE_SOURCE_DIR}")
  target_compile_options(moot_goals PRIVATE ${MOOT_WARNINGS})
  moot_link(moot_goals ${MOOT_MODULES} test_support test_support_node exact_counters)
  target_link_libraries(moot_goals PRIVATE PkgConfig::SECP256K1 Boost::json)
  add_dependencies(moot_goals mootd)
endif()

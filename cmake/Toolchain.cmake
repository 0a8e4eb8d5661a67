# Compiler, warnings, sanitizers, linker and cache: everything that holds for each target of the tree.

set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(THREADS_PREFER_PTHREAD_FLAG ON)

if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo)
endif()
# -g1 keeps line numbers for stack traces at a fraction of the size of full debug information.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O3 -g1 -DNDEBUG")

find_program(MOOT_CCACHE ccache)
if(MOOT_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  # The sloppiness lets precompiled headers hit the cache; the base directory lets two checkouts share it.
  set(CMAKE_CXX_COMPILER_LAUNCHER /usr/bin/env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime CCACHE_NOHASHDIR=1
    CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} ${MOOT_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${MOOT_CCACHE})
endif()

# Debian installs the versioned lld under its own prefix; -B lets either compiler find it there.
find_program(MOOT_MOLD mold)
find_program(MOOT_LLD NAMES ld.lld PATHS /usr/lib/llvm-19/bin)
if(MOOT_MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  add_link_options(-fuse-ld=mold)
elseif(MOOT_LLD)
  get_filename_component(moot_lld_folder ${MOOT_LLD} DIRECTORY)
  add_link_options(-B${moot_lld_folder} -fuse-ld=lld)
endif()

set(MOOT_WARNINGS -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wcast-qual -Wundef
  -Wvla -Wimplicit-fallthrough -Wno-missing-field-initializers)
# The cores hold money and order: a silent narrowing there is a defect.
set(MOOT_CORE_WARNINGS -Wconversion -Wno-sign-conversion -Wfloat-equal)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12 reports these against its own string and vector at higher optimisation levels.
  list(APPEND MOOT_WARNINGS -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds -Wno-maybe-uninitialized)
  list(APPEND MOOT_WARNINGS -Wlogical-op -Wduplicated-cond)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  list(APPEND MOOT_WARNINGS -Wno-missing-designated-field-initializers)
endif()
if(MOOT_WERROR)
  list(APPEND MOOT_WARNINGS -Werror)
endif()

if(MOOT_SANITIZE)
  add_compile_options(-fsanitize=${MOOT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${MOOT_SANITIZE})
  # Boost.Asio's fences; g++ says of each that the thread sanitizer does not understand it.
  if(MOOT_SANITIZE STREQUAL "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    list(APPEND MOOT_WARNINGS -Wno-tsan)
  endif()
endif()
if(MOOT_FUZZ)
  if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    message(FATAL_ERROR "The fuzz preset needs clang: libFuzzer belongs to it.")
  endif()
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()
if(MOOT_COVERAGE)
  add_compile_options(--coverage -fprofile-update=atomic)
  add_link_options(--coverage)
endif()

# moot_module(<name> FOLDER <folder> [RECURSE] [CORE] [EXCLUDE <file>…] [DEPS <module>…] [LIBS <target>…]
#             [PRIVATE_LIBS <target>…] [PCH <header>…])
# A static library moot_<name> of every source in a folder. A new file needs no edit here. DEPS name other modules and
# are dropped while they have no sources; a folder with none makes no target.
#
# moot_program(<name> SOURCE <main.cpp> DEPS <module>…) makes an executable once its main file exists.
# moot_link(<target> <module>…) links the modules that exist.

set(MOOT_STD_PCH <algorithm> <array> <chrono> <compare> <cstdint> <expected> <functional> <map> <memory> <optional> <set>
  <span> <string> <string_view> <utility> <variant> <vector>)
set(MOOT_MODULES "" CACHE INTERNAL "")

function(moot_link target)
  foreach(module IN LISTS ARGN)
    if(TARGET moot_${module})
      target_link_libraries(${target} PUBLIC moot_${module})
    endif()
  endforeach()
endfunction()

function(moot_sources out folder recurse)
  if(recurse)
    file(GLOB_RECURSE found CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${folder}/*.cpp")
  else()
    file(GLOB found CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${folder}/*.cpp")
  endif()
  foreach(excluded IN LISTS ARGN)
    list(REMOVE_ITEM found "${CMAKE_SOURCE_DIR}/${folder}/${excluded}")
  endforeach()
  set(${out} "${found}" PARENT_SCOPE)
endfunction()

function(moot_module name)
  cmake_parse_arguments(arg "RECURSE;CORE" "FOLDER" "DEPS;LIBS;PRIVATE_LIBS;PCH;EXCLUDE" ${ARGN})
  moot_sources(sources ${arg_FOLDER} "${arg_RECURSE}" ${arg_EXCLUDE})
  if(NOT sources)
    return()
  endif()
  add_library(moot_${name} STATIC ${sources})
  target_include_directories(moot_${name} PUBLIC "${CMAKE_SOURCE_DIR}")
  target_compile_options(moot_${name} PRIVATE ${MOOT_WARNINGS})
  if(arg_CORE)
    target_compile_options(moot_${name} PRIVATE ${MOOT_CORE_WARNINGS})
  endif()
  moot_link(moot_${name} ${arg_DEPS})
  target_link_libraries(moot_${name} PUBLIC ${arg_LIBS} PRIVATE ${arg_PRIVATE_LIBS})
  if(MOOT_PCH)
    list(TRANSFORM arg_PCH REPLACE "(.+)" "<\\1>")
    target_precompile_headers(moot_${name} PRIVATE ${MOOT_STD_PCH} ${arg_PCH})
  endif()
  set(MOOT_MODULES ${MOOT_MODULES} ${name} CACHE INTERNAL "")
endfunction()

# The messages of the wire, with the google.rpc ones that errors carry. Generated headers count as system headers: their
# warnings are not ours.
function(moot_proto)
  cmake_parse_arguments(arg "" "FOLDER" "" ${ARGN})
  set(root "${CMAKE_SOURCE_DIR}/${arg_FOLDER}")
  file(GLOB_RECURSE protos RELATIVE "${root}" CONFIGURE_DEPENDS "${root}/*.proto")
  if(NOT protos)
    return()
  endif()
  set(out "${CMAKE_BINARY_DIR}/proto")
  file(MAKE_DIRECTORY "${out}")
  set(generated "")
  list(TRANSFORM protos PREPEND "${root}/" OUTPUT_VARIABLE proto_files)
  foreach(proto IN LISTS protos ITEMS google/rpc/code.proto google/rpc/status.proto google/rpc/error_details.proto)
    set(source "${root}/${proto}")
    if(NOT EXISTS "${source}")
      set(source "${MOOT_GOOGLEAPIS}/${proto}")
    endif()
    string(REGEX REPLACE "\\.proto$" "" stem "${proto}")
    set(outputs "${out}/${stem}.pb.cc" "${out}/${stem}.pb.h" "${out}/${stem}.grpc.pb.cc" "${out}/${stem}.grpc.pb.h")
    add_custom_command(OUTPUT ${outputs}
      COMMAND protobuf::protoc -I "${root}" -I "${MOOT_GOOGLEAPIS}" --cpp_out "${out}" --grpc_out "${out}"
        --plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin> "${source}"
      DEPENDS "${source}" ${proto_files} VERBATIM)
    list(APPEND generated "${out}/${stem}.pb.cc" "${out}/${stem}.grpc.pb.cc")
  endforeach()
  add_library(moot_proto STATIC ${generated})
  add_custom_target(moot_proto_sources DEPENDS ${generated})  # for tools that read sources and compile nothing
  target_include_directories(moot_proto SYSTEM PUBLIC "${out}")
  target_link_libraries(moot_proto PUBLIC protobuf::libprotobuf gRPC::grpc++)
  target_compile_options(moot_proto PRIVATE -w)
  if(MOOT_PCH)
    target_precompile_headers(moot_proto PRIVATE <grpcpp/grpcpp.h> <google/protobuf/message.h>
      <google/protobuf/generated_message_reflection.h> <google/protobuf/repeated_field.h>)
  endif()
  set(MOOT_MODULES ${MOOT_MODULES} proto CACHE INTERNAL "")
endfunction()

function(moot_program name)
  cmake_parse_arguments(arg "" "SOURCE" "DEPS" ${ARGN})
  file(GLOB main CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${arg_SOURCE}")
  if(NOT main)
    return()
  endif()
  add_executable(${name} ${main})
  target_compile_options(${name} PRIVATE ${MOOT_WARNINGS})
  target_include_directories(${name} PRIVATE "${CMAKE_SOURCE_DIR}")
  moot_link(${name} ${arg_DEPS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
endfunction()
